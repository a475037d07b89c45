using System.Net;
using Confluent.SchemaRegistry;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Registry.Trust;

namespace StreamSettle.Schemas.Registry;

/// <summary>A registry of Confluent's API, by Confluent's client, whose failures are told in our words.</summary>
internal sealed class RegistryConnection : IDisposable
{
    /// <summary>Of a registry's 404: there is no schema by this id, or none like this one.</summary>
    public const int NoSuchSchema = 40403;

    public const int NoSuchSubject = 40401;
    public const int NoSuchVersion = 40402;

    /// <summary>The subject has no level of its own.</summary>
    public const int NoLevel = 40408;

    readonly RegistryTrust trust;
    readonly CachedSchemaRegistryClient client;

    /// <exception cref="UserMistakeException">A certificate's file cannot be used.</exception>
    public RegistryConnection(RegistryOptions options)
    {
        Address = options.Address;
        trust = RegistryTrust.Read(options.Client, "SchemaRegistry", out var problem) ?? throw new UserMistakeException(problem!);
        client = TrustedClient.Open(options.Settings, trust);
    }

    /// <summary>As it may be shown.</summary>
    public string Address { get; }

    /// <remarks>What the client is refused is one of its exceptions of HTTP too. Of a token that it does not get the client tells by an exception of no type of its own.</remarks>
    /// <param name="isAnswer">Of what the registry refuses: whether that is an answer to the question, which is thrown on as it is.</param>
    /// <exception cref="EnvironmentFailedException">There is no answer, or none of a registry; the message says why.</exception>
    public async Task<T> AskAsync<T>(Func<ISchemaRegistryClient, Task<T>> question, Func<SchemaRegistryException, bool> isAnswer)
    {
        try
        {
            return await question(client).ConfigureAwait(false);
        }
        catch (SchemaRegistryException refused) when (!isAnswer(refused))
        {
            throw Failed(Why(refused), refused);
        }
        catch (Exception away) when ((away is HttpRequestException or OperationCanceledException && away is not SchemaRegistryException) || away.GetType() == typeof(Exception))
        {
            throw Failed($"cannot be reached: {away.Message.TrimEnd('.')}.{trust.Meaning(away)}", away);
        }
        catch (Newtonsoft.Json.JsonException strange)
        {
            throw Failed("does not answer as a schema registry does. Is the path of the address right?", strange);
        }
    }

    /// <summary>The text, if it is there: other servers answer with JSON too.</summary>
    public string Text(string? schema)
    {
        if (schema is null)
        {
            // The client has kept it as if it were one.
            client.ClearCaches();
            throw Failed("does not answer as a schema registry does: there is no schema in its answer. Is the path of the address right?");
        }

        return schema;
    }

    public void Dispose() => client.Dispose();

    static string Why(SchemaRegistryException refused) => refused.Status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"does not let us in ({(int)refused.Status} {refused.Message}). Correct the credentials of SchemaRegistry",
        HttpStatusCode.NotFound => $"does not answer as a schema registry does (404 {refused.Message}). Is the path of the address right?",
        _ => $"answers {(int)refused.Status} {refused.Message}",
    };

    EnvironmentFailedException Failed(string how, Exception? cause = null) => new($"the schema registry at {Address} {how}", cause);
}
