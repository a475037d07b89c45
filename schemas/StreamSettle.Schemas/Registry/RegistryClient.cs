using System.Net;
using Confluent.SchemaRegistry;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;

namespace StreamSettle.Schemas.Registry;

/// <summary>Asks a registry of Confluent's API for schemas, with those that they refer to.</summary>
internal sealed class RegistryClient(RegistryOptions options) : IDisposable
{
    /// <summary>What one schema may refer to, all levels together.</summary>
    const int MaxReferences = 100;

    /// <summary>Of a registry's 404: there is no schema by this id. Any other 404 is of whoever else listens there.</summary>
    const int NoSuchSchema = 40403;

    const int NoSuchSubject = 40401;
    const int NoSuchVersion = 40402;

    /// <summary>No registry gives it.</summary>
    const int NoId = 0;

    readonly CachedSchemaRegistryClient client = new(options.Settings);

    /// <remarks>Of a token that it does not get the client tells by an exception of no type of its own.</remarks>
    /// <exception cref="EnvironmentFailedException">There is no answer, or none of a registry; the message says why.</exception>
    public async Task<RegistryAnswer> AskAsync(int id)
    {
        try
        {
            return await AnswerAsync(id).ConfigureAwait(false);
        }
        catch (AvroSchemaException problem)
        {
            return new RegistryAnswer.Unfit(problem);
        }
        catch (SchemaRegistryException refused) when (refused is { Status: HttpStatusCode.NotFound, ErrorCode: NoSuchSchema })
        {
            return new RegistryAnswer.None();
        }
        catch (SchemaRegistryException refused) when (refused is { Status: HttpStatusCode.NotFound, ErrorCode: NoSuchSubject or NoSuchVersion })
        {
            return new RegistryAnswer.Unfit(new("", $"number {id} of the registry refers to another one that this has not: {refused.Message}"));
        }
        catch (SchemaRegistryException refused)
        {
            throw Failed(Why(refused), refused);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException || away.GetType() == typeof(Exception))
        {
            throw Failed($"cannot be reached: {away.Message}", away);
        }
        catch (Newtonsoft.Json.JsonException strange)
        {
            throw Failed("does not answer as a schema registry does. Is the path of the address right?", strange);
        }
    }

    /// <summary>Whether a registry answers there, and lets us in.</summary>
    /// <exception cref="EnvironmentFailedException">It does not.</exception>
    public Task LookAsync() => AskAsync(NoId);

    public void Dispose() => client.Dispose();

    async Task<RegistryAnswer> AnswerAsync(int id)
    {
        var schema = await client.GetSchemaAsync(id).ConfigureAwait(false);
        var text = Text(schema.SchemaString);
        if (TypeOf(schema) is { } other)
        {
            return new RegistryAnswer.Unfit(new("", $"number {id} of the registry is of type {other}, not AVRO; let the producer write Avro"));
        }

        List<string> referenced = [];
        await CollectAsync(schema.References, referenced, []).ConfigureAwait(false);
        return new RegistryAnswer.Found(AvroSchema.Parse(text, referenced));
    }

    /// <summary>The texts that a schema refers to, each behind those that it refers to itself.</summary>
    async Task CollectAsync(List<SchemaReference> references, List<string> texts, HashSet<(string, int)> seen)
    {
        foreach (var reference in references)
        {
            if (!seen.Add((reference.Subject, reference.Version)))
            {
                continue;
            }

            if (seen.Count > MaxReferences)
            {
                throw new AvroSchemaException("", $"it refers to more than {MaxReferences} others; let fewer subjects make it up");
            }

            var registered = await client.GetRegisteredSchemaAsync(reference.Subject, reference.Version, ignoreDeletedSchemas: false).ConfigureAwait(false);
            await CollectAsync(registered.References, texts, seen).ConfigureAwait(false);
            texts.Add(Text(registered.SchemaString));
        }
    }

    string Text(string? schema)
    {
        if (schema is null)
        {
            // The client has kept it as if it were one.
            client.ClearCaches();
            throw Failed("does not answer as a schema registry does: there is no schema in its answer. Is the path of the address right?");
        }

        return schema;
    }

    /// <summary>Null where it is Avro.</summary>
    static string? TypeOf(Schema schema)
    {
        try
        {
            return schema.SchemaType == SchemaType.Avro ? null : schema.SchemaType.ToString().ToUpperInvariant();
        }
        catch (InvalidOperationException)
        {
            return "that the registry's client does not know";
        }
    }

    static string Why(SchemaRegistryException refused) => refused.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"does not let us in ({(int)refused.Status} {refused.Message}). Correct the credentials of SchemaRegistry",
        HttpStatusCode.NotFound => $"does not answer as a schema registry does (404 {refused.Message}). Is the path of the address right?",
        _ => $"answers {(int)refused.Status} {refused.Message}",
    };

    EnvironmentFailedException Failed(string how, Exception? cause = null) => new($"the schema registry at {options.Address} {how}", cause);
}
