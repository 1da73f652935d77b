"""The board on paper: as an Excel file, as a PDF, and by e-mail."""
