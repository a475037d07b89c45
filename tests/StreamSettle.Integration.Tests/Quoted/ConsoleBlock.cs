using System.Text.RegularExpressions;
using Xunit;

namespace StreamSettle.Integration.Tests.Quoted;

/// <summary>A <c>console</c> block of a document: a command behind <c>$</c> and what it prints, where <c>...</c> stands for any lines.</summary>
sealed partial record ConsoleBlock(string Command, IReadOnlyList<string> Output)
{
    const string Prompt = "$ ";
    const string AnyLines = "...";

    /// <summary>The block whose command begins so.</summary>
    public static ConsoleBlock Read(string file, string command)
    {
        string[] lines = [.. File.ReadLines(file).SkipWhile(line => !line.StartsWith(Prompt + command, StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        return new(lines[0][Prompt.Length..], [.. lines.Skip(1).TakeWhile(line => line != "```")]);
    }

    /// <summary>Fails at the first lines of the block that were not printed; numbers, keys and paths may differ.</summary>
    public void Matches(IReadOnlyList<string> printed)
    {
        string[] forms = [.. printed.Select(Form)];
        var at = 0;
        var anywhere = false;
        foreach (var part in Parts())
        {
            var found = Enumerable.Range(at, forms.Length - at + 1).Take(anywhere ? int.MaxValue : 1).Where(start => forms.Skip(start).Take(part.Length).SequenceEqual(part)).ToArray();
            Assert.True(found.Length > 0, $"not printed, from line {at + 1} on:\n{string.Join('\n', part)}\n\nprinted there:\n{string.Join('\n', forms.Skip(at))}");
            at = found[0] + part.Length;
            anywhere = true;
        }

        Assert.Equal(forms.Length, at);
    }

    /// <summary>What stands between lines that are left out.</summary>
    IEnumerable<string[]> Parts()
    {
        List<string> part = [];
        foreach (var line in Output)
        {
            if (line != AnyLines)
            {
                part.Add(Form(line));
                continue;
            }

            yield return [.. part];
            part = [];
        }

        yield return [.. part];
    }

    static string Form(string line) => Spaces().Replace(Numbers().Replace(Folders().Replace(Keys().Replace(line, "KEY"), "FOLDER"), "#"), " ").Trim();

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Keys();

    [GeneratedRegex("/\\S+/streamsettle-demo-[^/]+")]
    private static partial Regex Folders();

    [GeneratedRegex(@"\d[\d,.]*")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
