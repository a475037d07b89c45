using System.Globalization;
using System.Text;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Kafka.Positions;

/// <summary>
/// Where a group stood in the partitions of one index, by topic, as its owner wrote it down among the application's values, which are kept for ever: brokers forget positions that nobody
/// commits. The group has stood there, so it stands there or further on.
/// </summary>
/// <param name="IsLast">The owner has left since, in good order: until another owner's first commit, which comes with a note of its own, the group stands exactly there.</param>
/// <remarks>As text, so that Kafka's own tools show it: a line a topic, its name, the next offset and the topic's id, and a line "last".</remarks>
internal sealed record PositionNote(IReadOnlyDictionary<string, NotedPosition> Next, bool IsLast)
{
    const string Last = "last";

    public static string NameOf(string group, int index) => string.Create(CultureInfo.InvariantCulture, $"positions/{group}/{index}");

    /// <exception cref="CorruptStateException">It is not one.</exception>
    public static PositionNote Decode(byte[] value)
    {
        var next = new Dictionary<string, NotedPosition>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(value).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines.Where(line => line != Last))
        {
            if (line.Split(' ') is not [var topic, var offset, var id] || !long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || !next.TryAdd(topic, new(at, id)))
            {
                throw new CorruptStateException($"a note of a group's positions has the line '{line}' instead of a topic, an offset and an id: it was written by a newer version, or by somebody else");
            }
        }

        return new(next, lines.Contains(Last));
    }

    public byte[] Encode() => Encoding.UTF8.GetBytes(string.Concat(Next.OrderBy(topic => topic.Key, StringComparer.Ordinal)
        .Select(topic => string.Create(CultureInfo.InvariantCulture, $"{topic.Key} {topic.Value.Next} {topic.Value.TopicId}\n"))) + (IsLast ? $"{Last}\n" : ""));
}
