using System.Text.Json;
using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Rules;
using StreamSettle.Settlement.Rules.Loading;

namespace StreamSettle.Settlement.Vectors;

/// <summary>Settles the cases of a JSONL file: how anybody can check these rules against their own numbers.</summary>
public static class RuleEvaluation
{
    const string RulesFolder = "rules";

    /// <summary>Writes a line <c>{"name", "expected", "refunds"}</c> for each case of <paramref name="vectorsFile"/>; the rule sets are in <c>rules/&lt;folder&gt;</c> beside it.</summary>
    /// <returns>How many cases there were.</returns>
    /// <exception cref="UserMistakeException">There is no such file, a line is no case, or a rule set is refused.</exception>
    /// <exception cref="EnvironmentFailedException">A file is there but cannot be read.</exception>
    public static int Evaluate(string vectorsFile, TextWriter output)
    {
        var rulesFolder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(vectorsFile)) ?? "", RulesFolder);
        var books = new Dictionary<string, RuleBook>();
        var (number, cases) = (0, 0);
        foreach (var line in Lines(vectorsFile))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var vector = ReadCase(line, $"{vectorsFile}, line {number}");
            if (!books.TryGetValue(vector.Rules, out var book))
            {
                books.Add(vector.Rules, book = LoadRules(rulesFolder, vector.Rules));
            }

            output.Write(VectorAnswer.Of(vector, book) + "\n");
            cases++;
        }

        return cases;
    }

    static IEnumerable<string> Lines(string file)
    {
        if (!File.Exists(file))
        {
            throw new UserMistakeException($"there is no file '{file}'; name a JSONL file of cases, its rule sets in '{RulesFolder}/' beside it");
        }

        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"'{file}' cannot be read: {e.Message}", e);
        }
    }

    static VectorCase ReadCase(string line, string place)
    {
        try
        {
            return VectorCaseReader.Read(line);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new UserMistakeException($"{place} is no case: {e.Message}", e);
        }
    }

    static RuleBook LoadRules(string rulesFolder, string name) => RuleBookLoader.Load(Path.Combine(rulesFolder, name)) switch
    {
        RuleLoad.Loaded loaded => loaded.Book,
        RuleLoad.Invalid invalid => throw new UserMistakeException(
            $"the rule sets '{name}' are refused:\n{string.Join('\n', invalid.Problems)}"),
        _ => throw new InvalidOperationException("loading is refused or not"),
    };
}
