using System.Text;
using StreamSettle.Streams.Stores;

namespace StreamSettle.Streams.Tests.Stores;

/// <summary>The plainest store: a sorted dictionary of hexadecimal keys, which sort as their bytes do.</summary>
sealed class StoreModel
{
    SortedDictionary<string, string> current = new(StringComparer.Ordinal);
    SortedDictionary<string, string> committed = new(StringComparer.Ordinal);

    public static string[] Hexes(StoreScan scan)
    {
        var entries = new List<string>();
        while (scan.MoveNext())
        {
            entries.Add($"{Convert.ToHexString(scan.Key)}={Convert.ToHexString(scan.Value)}");
        }

        return [.. entries];
    }

    public static string[] Texts(StoreScan scan) =>
        [.. Hexes(scan).Select(entry => string.Join('=', entry.Split('=').Select(part => Encoding.UTF8.GetString(Convert.FromHexString(part)))))];

    public void Put(byte[] key, byte[] value) => current[Convert.ToHexString(key)] = Convert.ToHexString(value);

    public void Delete(byte[] key) => current.Remove(Convert.ToHexString(key));

    public void DeleteRange(byte[] from, byte[] to)
    {
        foreach (var entry in Scan(from, to, reverse: false))
        {
            current.Remove(entry[..entry.IndexOf('=', StringComparison.Ordinal)]);
        }
    }

    public string? Get(byte[] key) => current.GetValueOrDefault(Convert.ToHexString(key));

    public string[] Scan(byte[] from, byte[] to, bool reverse)
    {
        var (first, end) = (Convert.ToHexString(from), Convert.ToHexString(to));
        var entries = current.Where(entry => string.CompareOrdinal(entry.Key, first) >= 0 && (to.Length == 0 || string.CompareOrdinal(entry.Key, end) < 0))
            .Select(entry => $"{entry.Key}={entry.Value}");
        return [.. reverse ? entries.Reverse() : entries];
    }

    public void Commit() => committed = new(current, StringComparer.Ordinal);

    public void Crash() => current = new(committed, StringComparer.Ordinal);
}
