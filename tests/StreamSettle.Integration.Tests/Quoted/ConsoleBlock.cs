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

    /// <summary>
    /// Fails at the first lines of the block that were not printed. Numbers, keys, paths and the width of rules may differ, and what the systems of the demo refused, which is
    /// drawn; lines of one form count as one.
    /// </summary>
    public void Matches(IReadOnlyList<string> printed)
    {
        var forms = Forms(printed);
        var at = 0;
        var anywhere = false;
        foreach (var part in Parts())
        {
            if (part is [var again] && at > 0 && again == forms[at - 1])
            {
                // Of lines of one form several are shown, with others left out between them.
                continue;
            }

            var found = Enumerable.Range(at, forms.Length - at + 1).Take(anywhere ? int.MaxValue : 1).Where(start => forms.Skip(start).Take(part.Length).SequenceEqual(part)).ToArray();
            Assert.True(found.Length > 0, $"not printed, from line {at + 1} on:\n{string.Join('\n', part)}\n\nprinted there:\n{string.Join('\n', forms.Skip(at).Take(part.Length))}");
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
                part.Add(line);
                continue;
            }

            yield return Forms(part);
            part = [];
        }

        yield return Forms(part);
    }

    static string[] Forms(IReadOnlyList<string> lines)
    {
        string[] forms = [.. lines.Select(Form)];
        return [.. forms.Where((form, at) => at == 0 || form != forms[at - 1])];
    }

    static string Form(string line)
    {
        var plain = Folders().Replace(Keys().Replace(line, "KEY"), "FOLDER");
        return Spaces().Replace(Numbers().Replace(Refusals().Replace(Rules().Replace(plain, "──"), "dead letters: REASON"), "#"), " ").Trim();
    }

    [GeneratedRegex("[0-9a-f]{32}")]
    private static partial Regex Keys();

    [GeneratedRegex("/\\S+/streamsettle-demo-[^/]+")]
    private static partial Regex Folders();

    [GeneratedRegex("─+")]
    private static partial Regex Rules();

    [GeneratedRegex("dead letters: .*")]
    private static partial Regex Refusals();

    [GeneratedRegex(@"\d[\d,.]*")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
