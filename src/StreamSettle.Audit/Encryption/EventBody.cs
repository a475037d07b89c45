using System.Text.Json;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.Audit.Encryption;

/// <summary>Where the personal fields of an event's JSON are, and what else is needed of it: one pass over the bytes, nothing is parsed into objects.</summary>
internal ref struct EventBody
{
    const int StackBytes = 512;

    Places places;

    ReadOnlySpan<byte> cause;

    public EventKind Kind { get; private init; }

    public ReadOnlySpan<byte> Json { get; private init; }

    /// <summary>Null where the event has none.</summary>
    public long? Merchant { get; private set; }

    /// <summary>The personal fields that are there, by their indices in <see cref="PersonalFields.Of"/>, in the order in which they stand.</summary>
    public readonly ReadOnlySpan<int> Present => (places[0].Length > 0, places[1].Length > 0, places[1].Start < places[0].Start) switch
    {
        (true, true, true) => [1, 0],
        (true, true, false) => [0, 1],
        (true, false, _) => [0],
        (false, true, _) => [1],
        _ => [],
    };

    /// <summary>The bytes of the field's value with its quotes, by its index in <see cref="PersonalFields.Of"/>; empty where the event has none.</summary>
    public readonly Range this[int field] => places[field].Start..(places[field].Start + places[field].Length);

    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static EventBody Read(EventKind kind, ReadOnlySpan<byte> json)
    {
        var body = new EventBody { Kind = kind, Json = json };
        var fields = PersonalFields.Of(kind);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = IndexOf(fields, reader);
            var (isCause, isMerchant) = (reader.ValueTextEquals("Cause"u8), reader.ValueTextEquals("MerchantId"u8));
            reader.Read();
            if (field >= 0 && reader.TokenType == JsonTokenType.String)
            {
                body.places[field] = new((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            }
            else if (isCause && reader.TokenType == JsonTokenType.String)
            {
                body.cause = json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
            }
            else if (isMerchant && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var merchant))
            {
                body.Merchant = merchant;
            }

            reader.Skip();
        }

        return body;
    }

    /// <summary>The event's id, as its order and cause give it.</summary>
    public readonly Guid IdIn(OrderId order)
    {
        Span<byte> text = cause.Length <= StackBytes ? stackalloc byte[StackBytes] : new byte[cause.Length];
        return EventIds.Derive(order, Kind, text[..(cause.IsEmpty ? 0 : Text(cause, text))]);
    }

    /// <summary>The text of a JSON string.</summary>
    /// <param name="destination">At least as long as the string with its quotes.</param>
    public static int Text(ReadOnlySpan<byte> quoted, Span<byte> destination)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.CopyString(destination);
    }

    static int IndexOf(ReadOnlySpan<PersonalField> fields, in Utf8JsonReader reader)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (reader.ValueTextEquals(fields[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    readonly record struct Place(int Start, int Length);

    [System.Runtime.CompilerServices.InlineArray(PersonalFields.Most)]
    struct Places
    {
        Place first;
    }
}
