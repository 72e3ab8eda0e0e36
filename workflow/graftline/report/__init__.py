"""The manuscript: numbers set into text, HTML from templates, PDF from the HTML."""
