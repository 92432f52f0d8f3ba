"""Answers as one table: CSV, Excel, Parquet and SPSS."""
