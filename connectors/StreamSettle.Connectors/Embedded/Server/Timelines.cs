using System.Globalization;
using System.Text;
using NpgsqlTypes;

namespace StreamSettle.Connectors.Embedded.Server;

/// <summary>Reads a timeline's history file: a line for each timeline that it branched off from, with the position up to which it followed it. Pure.</summary>
internal static class Timelines
{
    /// <summary>Up to which position a history follows <paramref name="timeline"/>; null when it never was on it.</summary>
    /// <param name="history">As <c>TIMELINE_HISTORY</c> gives it: <c>1&lt;tab&gt;0/3000060&lt;tab&gt;no recovery target specified</c>; empty lines and lines with # are none.</param>
    public static ulong? FollowedUpTo(ReadOnlySpan<byte> history, uint timeline)
    {
        foreach (var line in Encoding.UTF8.GetString(history).Split('\n'))
        {
            var parts = line.Split('\t', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length >= 2 && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) && parent == timeline
                && NpgsqlLogSequenceNumber.TryParse(parts[1], out var switched))
            {
                return (ulong)switched;
            }
        }

        return null;
    }
}
