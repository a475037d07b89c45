using StreamSettle.Kernel.Failures;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>Reads the rule sets of a folder together, and refuses them together.</summary>
public static class RuleBookLoader
{
    const string Pattern = "*.json";

    /// <summary>Reads every <c>*.json</c> directly in <paramref name="directory"/>.</summary>
    /// <exception cref="EnvironmentFailedException">A file is there but cannot be read.</exception>
    public static RuleLoad Load(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return new RuleLoad.Invalid([new(directory, "$", "there is no such folder; name the one that holds the rule sets")]);
        }

        try
        {
            var files = Directory.GetFiles(directory, Pattern).Select(path => new RuleFile(Path.GetFileName(path), File.ReadAllBytes(path))).ToList();
            return files.Count == 0
                ? new RuleLoad.Invalid([new(directory, "$", $"there is no rule set in it; a rule set is a file {Pattern} directly in the folder")])
                : Parse(files);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentFailedException($"the rule sets in '{directory}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads files that are in memory.</summary>
    public static RuleLoad Parse(IEnumerable<RuleFile> files)
    {
        var problems = new List<RuleProblem>();
        var read = files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => RuleSetReader.Read(file, problems)).ToList();
        if (read.Count == 0)
        {
            problems.Add(new("", "$", "there is no rule set"));
        }

        RefuseSame(read, header => header.Version, "version", problems);
        RefuseSame(read, header => header.EffectiveFrom?.ToString(), "effectiveFrom", problems);
        return problems.Count == 0
            ? new RuleLoad.Loaded(new(read.Select(set => new RuleSet(set.Content))))
            : new RuleLoad.Invalid([.. problems.OrderBy(problem => problem.File, StringComparer.Ordinal)]);
    }

    static void RefuseSame(IEnumerable<RuleSetRead> sets, Func<RuleSetRead, string?> value, string key, List<RuleProblem> problems)
    {
        var firstWith = new Dictionary<string, string>();
        foreach (var set in sets)
        {
            if (value(set) is { } text && !firstWith.TryAdd(text, set.File))
            {
                problems.Add(new(set.File, $"$.{key}", $"'{text}' is that of {firstWith[text]} already; each rule set has its own {key}"));
            }
        }
    }
}
