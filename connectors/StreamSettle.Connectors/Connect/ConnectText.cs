namespace StreamSettle.Connectors.Connect;

/// <summary>What Connect says, for messages of ours.</summary>
internal static class ConnectText
{
    const int Longest = 1_000;

    /// <summary>Without line breaks and other control characters, and not without end.</summary>
    public static string OneLine(string text)
    {
        var line = string.Join(' ', string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Longest ? line : line[..Longest] + "...";
    }
}
