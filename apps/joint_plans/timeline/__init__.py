"""A plan over time: its activities by lead or by area, on screen, on paper and as a workbook."""
