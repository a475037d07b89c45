using StreamSettle.App.Configuration;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Evolution;
using StreamSettle.Schemas.Registry.Subjects;

namespace StreamSettle.App.Commands;

/// <summary>Our schemas beside those of a registry, for <c>schemas check --registry</c> and <c>schemas register</c>.</summary>
sealed class RegisteredSchemas : IDisposable
{
    readonly RegistrySubjects registry;
    readonly SchemaSubjects subjects;

    RegisteredSchemas(RegistrySubjects registry, SchemaSubjects subjects) => (this.registry, this.subjects) = (registry, subjects);

    /// <exception cref="UserMistakeException">The settings have mistakes.</exception>
    public static RegisteredSchemas Open(IConfiguration configuration)
    {
        var reader = new ConfigurationReader(configuration);
        var subjects = new SchemaSubjects(RegistryOptionsReader.Strategy(reader), KafkaOptionsReader.ApplicationId(reader, ServiceOptionsReader.ApplicationId(reader)));
        var options = RegistryOptionsReader.Read(reader, isUsed: true, isNeeded: true);
        return reader.Problems.Count == 0 ? new(new(options!), subjects) : throw new UserMistakeException(string.Join(Environment.NewLine, reader.Problems.Distinct()));
    }

    /// <summary>Says of each schema how it stands to what is registered.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> CheckAsync(IReadOnlyList<SchemaFile> files, CancellationToken stop)
    {
        var found = 0;
        foreach (var (file, subject) in Pairs(files))
        {
            stop.ThrowIfCancellationRequested();
            if (subject is null)
            {
                Say($"-   {file.Path}: lies on no topic of ours");
                continue;
            }

            var registered = await registry.ReadAsync(subject);
            var problems = await registry.ProblemsAsync(file, registered);
            found += SchemasCommand.SayAll(problems);
            if (problems.Count == 0)
            {
                Say($"ok  {file.Path}: {subject}: {Compared(file, registered)}");
            }
        }

        return found == 0 ? ExitCodes.Done : ExitCodes.Found;
    }

    /// <summary>
    /// Registers what is not there yet, and says where each schema stands. All are looked at before anything is sent, and nothing is where one may not be registered; it ends at the first that the registry
    /// refuses by itself.
    /// </summary>
    /// <param name="known">What was found without a registry.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RegisterAsync(IReadOnlyList<SchemaFile> files, IReadOnlyList<EvolutionProblem> known, CancellationToken stop)
    {
        List<EvolutionProblem> problems = [.. known];
        List<(SchemaFile File, string? Subject, RegisteredPlace? There)> looked = [];
        foreach (var (file, subject) in Pairs(files))
        {
            stop.ThrowIfCancellationRequested();
            var there = subject is null ? null : await registry.FindAsync(file, subject);
            looked.Add((file, subject, there));
            if (subject is not null && there is null)
            {
                problems.AddRange(await registry.ProblemsAsync(file, await registry.ReadAsync(subject)));
            }
        }

        if (SchemasCommand.SayAll(problems) > 0)
        {
            // Said so that nobody thinks that the others went through.
            Console.Error.WriteLine("nothing was registered");
            return ExitCodes.Found;
        }

        foreach (var (file, subject, there) in looked)
        {
            stop.ThrowIfCancellationRequested();
            if (there is not null || subject is null)
            {
                Say(subject is null ? $"-   {file.Path}: lies on no topic of ours" : $"ok  {file.Path}: {subject}: version {there!.Version}, id {there.Id}, as before");
                continue;
            }

            var (place, problem) = await registry.RegisterAsync(file, subject);
            if (problem is not null)
            {
                SchemasCommand.SayAll([problem]);
                return ExitCodes.Found;
            }

            Say($"new {file.Path}: {subject}: version {place!.Version}, id {place.Id}");
        }

        return ExitCodes.Done;
    }

    public void Dispose() => registry.Dispose();

    static string Compared(SchemaFile file, RegisteredSubject registered) => registered.Versions.Count == 0
        ? "not registered yet"
        : $"{file.Level.Text} against {Versions(registered.Against(file.Level))}, the registry's {registered.Level.Text}{(registered.Against(registered.Level) is { Count: > 0 } by ? $" against {Versions(by)}" : "")}";

    static string Versions(IReadOnlyList<RegisteredVersion> versions) =>
        versions.Count == 0 ? "none" : $"{(versions.Count == 1 ? "version" : "versions")} {string.Join(", ", versions.Select(version => version.Version))}";

    /// <summary>Each file with each of its subjects, or with null where it has none.</summary>
    IEnumerable<(SchemaFile File, string? Subject)> Pairs(IReadOnlyList<SchemaFile> files) =>
        files.SelectMany(file => subjects.Of(file) is { Count: > 0 } names ? names.Select(name => (file, (string?)name)) : [(file, null)]);

    static void Say(string line) => Console.WriteLine(TerminalText.Wrap(FailureText.OneLine(line), TerminalText.OutputWidth, 2));
}
