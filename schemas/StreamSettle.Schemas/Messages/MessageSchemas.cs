using System.Collections.Concurrent;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Identity;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages;

/// <summary>
/// The schemas that records of ours name: those of this release by the ids under which it writes, and those of others as the state directory or the registry has them.
/// Nothing of ours is a dead letter for its schema: what cannot be told is waited for, with the reason. Thread-safe.
/// </summary>
/// <param name="kept">Of the state directory.</param>
/// <param name="registry">Null where none is configured.</param>
public sealed class MessageSchemas(KeptSchemas kept, IWriterSchemas? registry, TimeProvider time)
{
    /// <summary>Who holds a record back says so again ten times a second; what has not been said for so long is over, or elsewhere.</summary>
    static readonly TimeSpan Standing = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<int, AvroSchema> known = [];
    readonly ConcurrentDictionary<MessageSchema, int> ids = [];
    readonly ConcurrentDictionary<(MessageSchema Message, int Id), AvroPlan> plans = [];
    readonly Lock sync = new();
    volatile Told? told;

    /// <summary>Why records of ours wait; null while none does.</summary>
    public string? HeldBack => told is { } last && time.GetElapsedTime(last.At) < Standing ? last.Reason : null;

    /// <summary>The id under which records are written.</summary>
    /// <exception cref="BrokenInvariantException">None was given: nothing may be written before.</exception>
    public int IdOf(MessageSchema message) => ids.TryGetValue(message, out var id) ? id : throw new BrokenInvariantException($"{message} is written before it has an id");

    /// <summary>The id that the state directory has kept; null where it has none.</summary>
    public int? KeptIdOf(MessageSchema message)
    {
        lock (sync)
        {
            return kept.IdOf(message);
        }
    }

    /// <summary>From now on the schema's records are written under the id, which is kept before.</summary>
    /// <exception cref="EnvironmentFailedException">The state directory cannot be written.</exception>
    public void Use(MessageSchema message, int id)
    {
        lock (sync)
        {
            kept.Keep(id, message.Text);
        }

        known[id] = message.Schema;
        ids[message] = id;
    }

    /// <summary>All schemas of this release under the ids that follow from their texts.</summary>
    /// <inheritdoc cref="Use"/>
    public void UseHere()
    {
        foreach (var message in MessageSchema.All)
        {
            Use(message, message.LocalId);
        }
    }

    /// <summary>The schema that a record was written by.</summary>
    /// <exception cref="EnvironmentFailedException">It cannot be told now; <see cref="HeldBack"/> says why.</exception>
    public AvroSchema Find(int id) => known.TryGetValue(id, out var schema) ? schema : known.GetOrAdd(id, Look(id));

    /// <summary>The plan by which records of an id are read: one for all tasks, of which there are a hundred and more.</summary>
    /// <param name="compile">The same of every reader of that message.</param>
    internal AvroPlan PlanOf(MessageSchema message, int id, Func<int, AvroPlan> compile) => plans.TryGetValue((message, id), out var plan) ? plan : plans.GetOrAdd((message, id), compile(id));

    /// <summary>A record has to wait.</summary>
    public EnvironmentFailedException Hold(string reason, Exception? cause = null)
    {
        told = new(reason, time.GetTimestamp());
        return new(reason, cause);
    }

    AvroSchema Look(int id)
    {
        lock (sync)
        {
            if (kept.Find(id) is { } text)
            {
                return Parse(id, text);
            }
        }

        if (registry is null)
        {
            throw Hold($"a record of ours names schema {id}, which {KeptSchemas.FileName} of StateDirectory does not have: restore that file, or set SchemaRegistry:Url to the registry that the record was written by");
        }

        var found = Ask(id, registry);
        try
        {
            lock (sync)
            {
                kept.Keep(id, CanonicalForm.Of(found));
            }
        }
        catch (EnvironmentFailedException)
        {
            // It is read by all the same, and asked for again after a restart. That the directory takes nothing others say.
        }

        return found;
    }

    AvroSchema Ask(int id, IWriterSchemas registry)
    {
        try
        {
            return registry.Find(id) ?? throw Hold($"a record of ours names schema {id}, which the schema registry says that it does not have: let SchemaRegistry:Url lead to the registry that the record was written by");
        }
        catch (AvroSchemaException problem)
        {
            throw Hold($"a record of ours names schema {id}, and what the schema registry has under it cannot be read by: {problem.Message}", problem);
        }
    }

    static AvroSchema Parse(int id, string text)
    {
        try
        {
            return AvroSchema.Parse(text);
        }
        catch (AvroSchemaException problem)
        {
            throw new CorruptStateException($"schema {id} of {KeptSchemas.FileName} is none: {problem.Message}", problem);
        }
    }

    sealed record Told(string Reason, long At);
}
