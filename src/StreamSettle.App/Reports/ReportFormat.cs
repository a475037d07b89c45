namespace StreamSettle.App.Reports;

/// <summary>How a report is written: for people, for programs, for spreadsheets.</summary>
enum ReportFormat
{
    Table,
    Json,
    Csv,
}
