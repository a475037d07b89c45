namespace StreamSettle.Delivery.Answers;

/// <summary>The values of a header's line that may be a list: split at its commas but those of dates.</summary>
internal static class HeaderValues
{
    internal static IEnumerable<string> Of(string line)
    {
        var parts = line.Split(',');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Trim();
            if (i + 1 < parts.Length && HttpDate.IsDay(part))
            {
                part = $"{part}, {parts[++i].Trim()}";
            }

            if (part.Length > 0)
            {
                yield return part;
            }
        }
    }
}
