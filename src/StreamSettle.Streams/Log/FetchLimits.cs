namespace StreamSettle.Streams.Log;

/// <summary>How much one poll brings at most, unless the caller says otherwise.</summary>
public static class FetchLimits
{
    public const int RecordsMaxDefault = 10_000;

    public const int BytesMaxDefault = 4 * 1024 * 1024;
}
