using System.Text.RegularExpressions;
using StreamSettle.App.Configuration;
using StreamSettle.Integration.Tests.Around;
using StreamSettle.Kernel.Calls;
using Xunit;

namespace StreamSettle.Integration.Tests.Configured;

/// <summary>The table of keys in docs/operations.md is what the program reads, no more and no less.</summary>
public partial class DocumentedKeysTests
{
    const string Rest = "*";

    [Fact]
    public void Every_key_that_is_read_is_in_the_table() =>
        Assert.All(Read(), key => Assert.True(Documented().Any(told => told == key || (told.EndsWith(Rest, StringComparison.Ordinal) && key.StartsWith(told[..^1], StringComparison.Ordinal))), key));

    [Fact]
    public void Every_key_in_the_table_is_read() =>
        Assert.All(Documented(), told => Assert.True(Read().Any(key => key == told || (told.EndsWith(Rest, StringComparison.Ordinal) && key.StartsWith(told[..^1], StringComparison.Ordinal))), told));

    [Fact]
    public void The_table_is_found() => Assert.True(Documented().Count > 40);

    static HashSet<string> Read() => [.. ServiceOptionsReader.Keys().All.Select(key => System().Replace(key, "Downstreams:<system>:"))];

    /// <summary>A key that begins with a colon stands in the section of the one before it.</summary>
    static HashSet<string> Documented()
    {
        HashSet<string> keys = [];
        var table = File.ReadLines(Path.Combine(Repository.Root, "docs", "operations.md")).SkipWhile(line => line != "| key | default | |").TakeWhile(line => line.StartsWith('|'));
        foreach (var cell in table.Skip(2).Select(row => row.Split('|')[1]))
        {
            var section = "";
            foreach (var key in Quoted().Matches(cell).Select(match => match.Groups[1].Value))
            {
                section = key.StartsWith(':') ? section : key[..Math.Max(key.LastIndexOf(':'), 0)];
                keys.Add(key.StartsWith(':') ? section + key : key);
            }
        }

        return keys;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex($"^Downstreams:({nameof(Leg.Verification)}|{nameof(Leg.Split)}|{nameof(Leg.Commission)}|{nameof(Leg.Tax)}|{nameof(Leg.TaxRefund)}):")]
    private static partial Regex System();
}
