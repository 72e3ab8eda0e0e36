"""The manuscript as a Word document (DOCX)."""
