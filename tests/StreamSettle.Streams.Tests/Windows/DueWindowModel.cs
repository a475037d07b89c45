using StreamSettle.Streams.Windows;

namespace StreamSettle.Streams.Tests.Windows;

/// <summary>What waits, in a sorted list, with the last commit beside it.</summary>
sealed class DueWindowModel
{
    SortedDictionary<(long Due, string Key), string> current = [];
    SortedDictionary<(long Due, string Key), string> committed = [];

    public IEnumerable<string> Waiting => current.Select(entry => $"{entry.Key.Due}/{entry.Key.Key}={entry.Value}");

    public int Count => current.Count;

    public void Put(long due, string key, string value) => current[(due, key)] = value;

    public void Delete(long due, string key) => current.Remove((due, key));

    public long? First(long through) => current.Keys.Where(key => key.Due <= through).Select(key => (long?)key.Due).FirstOrDefault();

    /// <summary>What a take yields, in its order.</summary>
    public List<(long Due, string Key, string Value)> Due(long through, int max) =>
        [.. current.Where(entry => entry.Key.Due <= through).Take(max).Select(entry => (entry.Key.Due, entry.Key.Key, entry.Value))];

    public void Commit() => committed = new(current);

    public void Crash() => current = new(committed);

    public static string Text(DueWindowScan scan) => System.Text.Encoding.UTF8.GetString(scan.Key);
}
