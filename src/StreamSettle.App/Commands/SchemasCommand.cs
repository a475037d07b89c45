using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Evolution;

namespace StreamSettle.App.Commands;

/// <summary><c>schemas check</c>, <c>schemas register</c>, <c>schemas diff A B</c> and <c>schemas docs</c>.</summary>
static class SchemasCommand
{
    const string Now = "now";

    public static Command Create() => new("schemas", "The Avro schemas of our records: whether they may be released, what differs, what they say; and those of a schema registry.") { Check(), Register(), Diff(), Docs() };

    static Option<DirectoryInfo> Directory() => new("--directory")
    {
        Description = "The folder of the schemas (*.avsc), with what was released in released/VERSION.", DefaultValueFactory = _ => new("schemas"),
    };

    static Command Check()
    {
        var directory = Directory();
        var registry = new Option<bool>("--registry") { Description = "And with what is registered at SchemaRegistry:Url, by the compatibility that the registry wants too." };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("check", "Compares each schema with what was released, by the compatibility that it promises.") { directory, registry, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var asksRegistry = parsed.GetValue(registry);
            var settings = asksRegistry || parsed.UnmatchedTokens.Count > 0 || parsed.GetValue(config) is not null ? ConfigurationOf.ReadStrictly(parsed, config) : null;
            var folder = SchemaFolder.Read(PathOf(parsed, directory));
            var code = Check(folder);
            if (!asksRegistry)
            {
                return code;
            }

            using var registered = RegisteredSchemas.Open(settings!);
            return Math.Max(code, await registered.CheckAsync(folder.Current, stop));
        }));
        return command;
    }

    static Command Register()
    {
        var directory = Directory();
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("register", "Registers each schema at SchemaRegistry:Url, or none where one may not be.") { directory, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            using var registered = RegisteredSchemas.Open(ConfigurationOf.ReadStrictly(parsed, config));
            var folder = Read(parsed, directory);
            return await registered.RegisterAsync(folder.Current, EvolutionCheck.Problems(folder), stop);
        }));
        return command;
    }

    static int Check(SchemaFolder folder)
    {
        var problems = EvolutionCheck.Problems(folder);
        foreach (var file in folder.Current.Where(file => problems.All(problem => problem.File != file.Path)))
        {
            var releases = EvolutionCheck.Against(folder, file).Select(release => release.Version).ToList();
            Console.WriteLine($"ok  {file.Path}: {file.Level.Text} {(releases.Count == 0 ? "(not released yet)" : $"against {string.Join(", ", releases)}")}");
        }

        return SayAll(problems) == 0 ? ExitCodes.Done : ExitCodes.Found;
    }

    /// <returns>How many there are.</returns>
    internal static int SayAll(IReadOnlyList<EvolutionProblem> problems)
    {
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(TerminalText.Wrap(FailureText.OneLine(problem.ToString()), TerminalText.ErrorWidth, 2));
        }

        return problems.Count;
    }

    static Command Diff()
    {
        var older = Version("A", "The older: a schema's file, a release's version, or 'now' for the schemas as they are.");
        var newer = Version("B", "The newer, as A.");
        var directory = Directory();
        var command = new Command("diff", "Says what differs between two versions, and which of them reads what the other wrote.") { older, newer, directory };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            var folder = new Lazy<SchemaFolder>(() => Read(parsed, directory));
            Tell(Side(parsed.GetValue(older)!, folder), Side(parsed.GetValue(newer)!, folder));
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    static Command Docs()
    {
        var directory = Directory();
        var command = new Command("docs", "Prints the schemas as a page (docs/schemas.md).") { directory };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, () =>
        {
            Console.Write(SchemaDocs.Of(Read(parsed, directory)));
            return Task.FromResult(ExitCodes.Done);
        }));
        return command;
    }

    static Argument<string> Version(string name, string description) => new(name) { Description = description };

    /// <summary>As it was typed, so that messages name files as the user would.</summary>
    static string PathOf(ParseResult parsed, Option<DirectoryInfo> directory) => parsed.GetValue(directory)!.ToString();

    static SchemaFolder Read(ParseResult parsed, Option<DirectoryInfo> directory)
    {
        var folder = SchemaFolder.Read(PathOf(parsed, directory));
        return folder.Unread.Count == 0 ? folder : throw new UserMistakeException(string.Join(Environment.NewLine, folder.Unread));
    }

    static Compared Side(string asked, Lazy<SchemaFolder> folder) =>
        File.Exists(asked) ? new(asked, IsFile: true, [SchemaFile.Read(asked)])
        : asked == Now ? new(asked, IsFile: false, folder.Value.Current)
        : folder.Value.Releases.FirstOrDefault(release => release.Version.ToString() == asked) is { } found ? new(asked, IsFile: false, found.Files)
        : throw new UserMistakeException(
            $"'{asked}' is no file and no version that was released; name a file, '{Now}', or one of: {string.Join(", ", folder.Value.Releases.Select(release => release.Version))}");

    static void Tell(Compared a, Compared b)
    {
        if (a.IsFile || b.IsFile)
        {
            Tell(a.Like(b), b.Like(a));
            return;
        }

        foreach (var name in a.Files.Concat(b.Files).Select(file => file.Name).Distinct().Order(StringComparer.Ordinal))
        {
            switch (a.File(name), b.File(name))
            {
                case ({ } older, { } newer):
                    Tell(older, newer);
                    break;
                case ({ } gone, null):
                    Console.WriteLine($"{gone.Name}: is in {a.Asked} only");
                    break;
                case (null, { } added):
                    Console.WriteLine($"{added.Name}: is in {b.Asked} only");
                    break;
            }
        }
    }

    static void Tell(SchemaFile older, SchemaFile newer)
    {
        var lines = SchemaDiff.Of(older.Schema, newer.Schema);
        Console.WriteLine($"{newer.Name}: {(lines.Count == 0 ? "nothing differs" : $"{older.Path} -> {newer.Path}")}");
        foreach (var line in lines)
        {
            Say($"  {line}");
        }

        if (lines.Count > 0)
        {
            Say($"  the newer reads what the older wrote: {Answer(SchemaDiff.Unread(newer.Schema, older.Schema))}");
            Say($"  the older reads what the newer writes: {Answer(SchemaDiff.Unread(older.Schema, newer.Schema))}");
        }
    }

    static string Answer(IReadOnlyList<string> reasons) => reasons.Count == 0 ? "yes" : $"no: {string.Join("; ", reasons)}";

    static void Say(string line) => Console.WriteLine(TerminalText.Wrap(line.ReplaceLineEndings(" "), TerminalText.OutputWidth, 2));

    /// <summary>One side of a comparison.</summary>
    sealed record Compared(string Asked, bool IsFile, IReadOnlyList<SchemaFile> Files)
    {
        public SchemaFile? File(string name) => Files.FirstOrDefault(file => file.Name == name);

        /// <summary>The one file of this side that is to be compared with the other's.</summary>
        public SchemaFile Like(Compared other) => IsFile ? Files[0]
            : File(other.Files[0].Name) ?? throw new UserMistakeException($"'{Asked}' has no {other.Files[0].Name}; name a file for it");
    }
}
