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

    /// <summary>No registry gives it.</summary>
    const int NoId = 0;

    readonly RegistryConnection connection = new(options);

    /// <exception cref="EnvironmentFailedException">There is no answer, or none of a registry; the message says why.</exception>
    public async Task<RegistryAnswer> AskAsync(SchemaName name)
    {
        try
        {
            return await connection.AskAsync(client => AnswerAsync(client, name), IsAnswer).ConfigureAwait(false);
        }
        catch (EnvironmentFailedException strange) when (name.Id is null && strange.InnerException is SchemaRegistryException { Status: HttpStatusCode.NotFound })
        {
            // Where a registry answers to another question, it is this one that it does not know.
            await LookAsync().ConfigureAwait(false);
            return new RegistryAnswer.Unfit(new("", $"it is named by the GUID {name}, and the schema registry at {connection.Address} finds none by GUIDs, as Confluent's does from 8.0 on: let the producer write ids (schema.id.strategy Prefix)"));
        }
        catch (AvroSchemaException problem)
        {
            return new RegistryAnswer.Unfit(problem);
        }
        catch (SchemaRegistryException refused) when (refused.ErrorCode == RegistryConnection.NoSuchSchema)
        {
            return new RegistryAnswer.None();
        }
        catch (SchemaRegistryException refused)
        {
            return new RegistryAnswer.Unfit(new("", $"number {name} of the registry refers to another one that this has not: {refused.Message}"));
        }
    }

    /// <summary>Whether a registry answers there, and lets us in.</summary>
    /// <exception cref="EnvironmentFailedException">It does not.</exception>
    public Task LookAsync() => AskAsync(NoId);

    public void Dispose() => connection.Dispose();

    /// <summary>Parses what a registry keeps, with what it refers to.</summary>
    /// <param name="called">What it is called in messages: <c>number 7 of the registry</c>.</param>
    /// <exception cref="AvroSchemaException">It is not of Avro, or no schema.</exception>
    internal static async Task<AvroSchema> ParseAsync(RegistryConnection connection, ISchemaRegistryClient client, Schema schema, string called)
    {
        var text = connection.Text(schema.SchemaString);
        if (TypeOf(schema) is { } other)
        {
            throw new AvroSchemaException("", $"{called} is of type {other}, not AVRO; let the producer write Avro");
        }

        List<string> referenced = [];
        await CollectAsync(connection, client, schema.References, referenced, []).ConfigureAwait(false);
        return AvroSchema.Parse(text, referenced);
    }

    async Task<RegistryAnswer> AnswerAsync(ISchemaRegistryClient client, SchemaName name)
    {
        var schema = await (name.Id is { } id ? client.GetSchemaAsync(id) : client.GetSchemaByGuidAsync(name.Guid.ToString())).ConfigureAwait(false);
        return new RegistryAnswer.Found(await ParseAsync(connection, client, schema, $"number {name} of the registry").ConfigureAwait(false));
    }

    /// <summary>Any other 404 is of whoever else listens there.</summary>
    static bool IsAnswer(SchemaRegistryException refused) =>
        refused is { Status: HttpStatusCode.NotFound, ErrorCode: RegistryConnection.NoSuchSchema or RegistryConnection.NoSuchSubject or RegistryConnection.NoSuchVersion };

    /// <summary>The texts that a schema refers to, each behind those that it refers to itself.</summary>
    static async Task CollectAsync(RegistryConnection connection, ISchemaRegistryClient client, List<SchemaReference> references, List<string> texts, HashSet<(string, int)> seen)
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
            await CollectAsync(connection, client, registered.References, texts, seen).ConfigureAwait(false);
            texts.Add(connection.Text(registered.SchemaString));
        }
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
}
