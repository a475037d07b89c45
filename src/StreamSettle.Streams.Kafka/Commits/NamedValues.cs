using System.Text;

namespace StreamSettle.Streams.Kafka.Commits;

/// <summary>Small named values that belong to transactions: the last record of each name in a compacted topic with one partition.</summary>
internal static class NamedValues
{
    public static string TopicOf(string applicationId) => $"{applicationId}-values-changelog";

    public static byte[] KeyOf(string name) => Encoding.UTF8.GetBytes(name);

    public static string NameOf(ReadOnlySpan<byte> key) => Encoding.UTF8.GetString(key);
}
