using System.Net;
using Confluent.SchemaRegistry;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Registry.Subjects;

/// <summary>The subjects of a registry: what is registered under them, and registering more.</summary>
public sealed class RegistrySubjects(RegistryOptions options) : IDisposable
{
    const string Refuses = "REFUSED_BY_REGISTRY";

    readonly RegistryConnection connection = new(options);

    /// <summary>As it may be shown.</summary>
    public string Address => connection.Address;

    /// <summary>What is registered under the subject, with no version where nothing is.</summary>
    /// <exception cref="EnvironmentFailedException">The registry does not answer.</exception>
    /// <exception cref="UserMistakeException">It does not let us in.</exception>
    public async Task<RegisteredSubject> ReadAsync(string subject)
    {
        List<RegisteredVersion> versions = [];
        foreach (var version in await VersionsAsync(subject).ConfigureAwait(false))
        {
            versions.Add(await VersionAsync(subject, version).ConfigureAwait(false));
        }

        return new(subject, await LevelAsync(subject).ConfigureAwait(false), versions);
    }

    /// <summary>Every reason why the schema may not become the subject's next version; empty where it may.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<IReadOnlyList<EvolutionProblem>> ProblemsAsync(SchemaFile file, RegisteredSubject subject)
    {
        var found = SubjectCheck.Problems(file, subject);
        if (found.Count > 0 || subject.Versions.Count == 0 || subject.Level == CompatibilityLevel.None)
        {
            // Where it wants nothing some registries answer the question as if they wanted something.
            return found;
        }

        return await AskAsync(client => client.IsCompatibleAsync(subject.Name, Read(file)), IsInvalid, refused => Refused(file, subject.Name, refused.Message)).ConfigureAwait(false) switch
        {
            (true, _) => [],
            (false, { } problem) => [problem],
            _ => [Refused(file, subject.Name, "it does not take the schema as compatible, and does not say why")],
        };
    }

    /// <summary>Where the schema is registered under the subject; null where it is not.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<RegisteredPlace?> FindAsync(SchemaFile file, string subject)
    {
        var (registered, _) = await AskAsync(client => client.LookupSchemaAsync(subject, Read(file), ignoreDeletedSchemas: true, normalize: false), IsMissing, _ => "").ConfigureAwait(false);
        return registered is null ? null : new(registered.Version, registered.Id);
    }

    /// <summary>Registers the schema; one that is there keeps its place.</summary>
    /// <returns>The place, or why the registry refuses it.</returns>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<(RegisteredPlace? Place, EvolutionProblem? Problem)> RegisterAsync(SchemaFile file, string subject)
    {
        var (_, problem) = await AskAsync(
            client => client.RegisterSchemaAsync(subject, Read(file), normalize: false),
            refused => refused.Status == HttpStatusCode.Conflict || IsInvalid(refused),
            refused => Refused(file, subject, refused.Message)).ConfigureAwait(false);
        if (problem is not null)
        {
            return (null, problem);
        }

        return await FindAsync(file, subject).ConfigureAwait(false) is { } place ? (place, null)
            : throw new EnvironmentFailedException($"the schema registry at {Address} has taken {file.Path} for {subject} and does not find it there; try again, and look whether somebody deletes it");
    }

    public void Dispose() => connection.Dispose();

    async Task<List<int>> VersionsAsync(string subject)
    {
        var (versions, _) = await AskAsync(client => client.GetSubjectVersionsAsync(subject), IsMissing, _ => "").ConfigureAwait(false);
        return versions is null ? [] : [.. versions.Order()];
    }

    async Task<RegisteredVersion> VersionAsync(string subject, int version)
    {
        try
        {
            var (schema, missing) = await AskAsync(
                async client =>
                {
                    var registered = await client.GetRegisteredSchemaAsync(subject, version, ignoreDeletedSchemas: true).ConfigureAwait(false);
                    return await RegistryClient.ParseAsync(connection, client, registered, "it").ConfigureAwait(false);
                },
                IsMissing, refused => refused.Message).ConfigureAwait(false);
            return new(version, schema, missing is null ? null : new("", $"it refers to another one that the registry has not: {missing}"));
        }
        catch (AvroSchemaException problem)
        {
            return new(version, null, problem);
        }
    }

    async Task<CompatibilityLevel> LevelAsync(string subject)
    {
        var (own, none) = await AskAsync(client => LevelAsync(client, subject), IsMissing, refused => refused.Message).ConfigureAwait(false);
        return own ?? (none is null ? null : (await AskAsync(client => LevelAsync(client, null), _ => false, _ => "").ConfigureAwait(false)).Answer)
            ?? throw new EnvironmentFailedException($"the schema registry at {Address} names a compatibility that this release does not know");
    }

    static async Task<CompatibilityLevel?> LevelAsync(ISchemaRegistryClient client, string? subject) =>
        Of(await client.GetCompatibilityAsync(subject).ConfigureAwait(false));

    /// <summary>The client's names have no underscores.</summary>
    static CompatibilityLevel? Of(Compatibility name) =>
        CompatibilityLevel.All.FirstOrDefault(level => level.Text.Replace("_", "", StringComparison.Ordinal).Equals(name.ToString(), StringComparison.OrdinalIgnoreCase));

    /// <summary>The answer, or what is made of it where the registry refuses in a way that is one.</summary>
    async Task<(T? Answer, TRefused? Refused)> AskAsync<T, TRefused>(Func<ISchemaRegistryClient, Task<T>> question, Func<SchemaRegistryException, bool> isAnswer, Func<SchemaRegistryException, TRefused> refusal)
        where TRefused : class
    {
        try
        {
            return (await connection.AskAsync(question, refused => isAnswer(refused) || IsShut(refused)).ConfigureAwait(false), null);
        }
        catch (SchemaRegistryException refused) when (IsShut(refused))
        {
            throw new UserMistakeException($"the schema registry at {Address} does not let us do this ({(int)refused.Status} {refused.Message}). Correct the credentials of SchemaRegistry, or let it give us the right", refused);
        }
        catch (SchemaRegistryException refused)
        {
            return (default, refusal(refused));
        }
    }

    EvolutionProblem Refused(SchemaFile file, string subject, string why) => new(file.Path, "", Refuses, $"as the next version of {subject}", $"the schema registry at {Address} refuses it: {why.TrimEnd('.')}");

    static bool IsShut(SchemaRegistryException refused) => refused.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;

    static bool IsInvalid(SchemaRegistryException refused) => refused.Status == HttpStatusCode.UnprocessableEntity;

    static bool IsMissing(SchemaRegistryException refused) => refused is
    {
        Status: HttpStatusCode.NotFound,
        ErrorCode: RegistryConnection.NoSuchSubject or RegistryConnection.NoSuchVersion or RegistryConnection.NoSuchSchema or RegistryConnection.NoLevel,
    };

    /// <summary>The file's text without its white space: another indentation is no other version.</summary>
    static Confluent.SchemaRegistry.Schema Read(SchemaFile file) => new(SchemaText.Compact(file.Text), SchemaType.Avro);
}
