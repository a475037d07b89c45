namespace StreamSettle.App.Watching;

/// <summary>How something stands, for lines in the log and colours on the dashboard.</summary>
enum Health
{
    Good,

    /// <summary>Somebody should look; work goes on.</summary>
    Warning,

    /// <summary>Work stands still.</summary>
    Bad,
}
