using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Failures;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Plans;
using StreamSettle.Schemas.Avro.Reading;
using StreamSettle.Schemas.Registry;

namespace StreamSettle.Schemas.Messages.Reading;

/// <summary>
/// Reads records of one of our schemas, whichever release wrote them: a plan for each writer's schema, made once. Nothing is allocated for a record. Not thread-safe.
/// </summary>
public sealed class MessageReader
{
    readonly MessageSchema message;
    readonly MessageSchemas schemas;
    readonly IReadOnlyList<string> places;
    readonly int itemSlot;
    readonly AvroBinding binding = new();
    readonly MessageSlot[] slots;
    readonly ByteBuffer defaults = new();
    readonly List<long> items = [];
    AvroPlan? last;
    int lastId;

    /// <param name="places">What is read, each under its index; the items of a list of numbers, <c>doubts.[]</c>, in the last place.</param>
    public MessageReader(MessageSchema message, MessageSchemas schemas, IReadOnlyList<string> places)
    {
        (this.message, this.schemas, this.places) = (message, schemas, places);
        for (var slot = 0; slot < places.Count; slot++)
        {
            binding.Bind(places[slot], slot);
        }

        itemSlot = places[^1].EndsWith("[]", StringComparison.Ordinal) ? places.Count - 1 : int.MaxValue;
        slots = new MessageSlot[places.Count];
    }

    /// <summary>Whether the record is in this form, and not in one that releases before it wrote: their first byte is a version, which is never 0.</summary>
    public static bool Takes(ReadOnlySpan<byte> record) => !record.IsEmpty && record[0] == WireFormat.Magic;

    /// <exception cref="EnvironmentFailedException">The record's schema is not known now, or does not fit: it has to wait, which the schemas say.</exception>
    /// <exception cref="CorruptStateException">The record is not of the schema that it names.</exception>
    public MessageValues Read(ReadOnlySpan<byte> record)
    {
        try
        {
            var plan = PlanOf(WireFormat.Read(record, out var body));
            Array.Clear(slots);
            defaults.Clear();
            items.Clear();
            var sink = new MessageSink(body, slots, defaults, items, itemSlot);
            plan.Read(body, ref sink);
            return new(body, defaults.Written, slots, items, this);
        }
        catch (AvroResolutionException misfit)
        {
            throw Misfit(misfit);
        }
        catch (Exception wrong) when (wrong is WireFormatException or AvroDataException)
        {
            throw new CorruptStateException($"a record of {message} cannot be read: {wrong.Message}", wrong);
        }
    }

    internal EnvironmentFailedException IsOfLaterRelease(int slot) => schemas.Hold(
        $"a record of {message} has a {places[slot]} that this release does not know, so a later one wrote it: bring this instance to that release, and it goes on");

    AvroPlan PlanOf(int id)
    {
        if (last is not null && id == lastId)
        {
            return last;
        }

        (last, lastId) = (schemas.PlanOf(message, id, Compile), id);
        return last;
    }

    AvroPlan Compile(int id)
    {
        var writer = schemas.Find(id);
        if (writer is not RecordSchema record || record.Name.Full != message.Schema.Name.Full)
        {
            throw schemas.Hold($"schema {id} is {writer.Description}, and a record of {message} names it: let SchemaRegistry:Url lead to the registry that the record was written by");
        }

        return AvroPlan.Compile(writer, message.Schema, binding);
    }

    EnvironmentFailedException Misfit(AvroResolutionException misfit) =>
        schemas.Hold($"a record of {message} was written by a schema that does not fit this release's: {misfit.Message}", misfit);
}
