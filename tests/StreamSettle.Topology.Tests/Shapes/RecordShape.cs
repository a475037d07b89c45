using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using StreamSettle.Audit.EventLog;
using StreamSettle.Kernel.Money;
using StreamSettle.Schemas.Avro.Logical;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Changes;
using StreamSettle.Schemas.Merchants;
using StreamSettle.Schemas.Orders;
using StreamSettle.Topology.Operators;
using StreamSettle.Topology.Orders;

namespace StreamSettle.Topology.Tests.Shapes;

/// <summary>Compares a type of ours with the schema that describes it: each property is a field of its name, type and nullability, and there is no other field.</summary>
static class RecordShape
{
    const string Unknown = nameof(Unknown);
    const string Has = nameof(Has);

    /// <summary>What is derived from other properties.</summary>
    static readonly HashSet<(Type, string)> Derived =
    [
        (typeof(ChangePosition), nameof(ChangePosition.HasLsn)), (typeof(ChangePosition), nameof(ChangePosition.IsStreamed)), (typeof(ChangePosition), nameof(ChangePosition.IsRead)), (typeof(OrderChange), nameof(OrderChange.Transaction)),
        (typeof(DecimalAmount), nameof(DecimalAmount.IsNumber)), (typeof(OperatorRequest), nameof(OperatorRequest.Cause)), (typeof(Hold), nameof(Hold.Cause)), (typeof(EventRecord), nameof(EventRecord.Id)),
        (typeof(OrderRow), nameof(OrderRow.Unsent)), (typeof(MerchantRow), nameof(MerchantRow.Unsent)),
    ];

    /// <summary>What only some kinds of a record have, and is empty otherwise.</summary>
    static readonly HashSet<(Type, string)> OfSomeKinds =
        [(typeof(OrderChange), nameof(OrderChange.Row)), (typeof(MerchantChange), nameof(MerchantChange.Row)), (typeof(OrderMessage), nameof(OrderMessage.RowBytes))];

    static readonly Dictionary<(Type, string), string> Renamed = new() { [(typeof(OrderMessage), nameof(OrderMessage.RowBytes))] = "row" };

    static readonly NullabilityInfoContext Nullability = new();

    /// <summary>What does not fit; empty where all does.</summary>
    /// <param name="except">Properties that the record has elsewhere.</param>
    public static IEnumerable<string> Differences(Type type, RecordSchema schema, params string[] except)
    {
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => !Derived.Contains((property.DeclaringType!, property.Name)) && !except.Contains(property.Name) && !IsFlagOf(property));
        return Differences(members, schema, type.Name);
    }

    public static IEnumerable<string> Differences(IEnumerable<PropertyInfo> members, RecordSchema schema, string where)
    {
        var left = schema.Fields.Select(field => field.Name).ToHashSet();
        foreach (var member in members)
        {
            var name = Renamed.GetValueOrDefault((member.DeclaringType!, member.Name)) ?? JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            if (schema.Field(name) is not { } field)
            {
                yield return $"{where}.{member.Name} has no field '{name}' in {schema.Name}";
                continue;
            }

            left.Remove(name);
            foreach (var difference in Fits(member, field, $"{where}.{member.Name}"))
            {
                yield return difference;
            }
        }

        foreach (var name in left)
        {
            yield return $"{schema.Name}.{name} is no property of {where}";
        }
    }

    /// <summary>The other branch of <c>["null", X]</c>; null where the schema is no such union.</summary>
    public static AvroSchema? Optional(AvroSchema schema) =>
        schema is UnionSchema { Branches: [{ Type: AvroType.Null }, var value] } ? value : null;

    /// <summary><c>HasX</c> beside <c>X</c>: the value may be missing.</summary>
    static bool IsFlagOf(PropertyInfo property) =>
        property.Name.StartsWith(Has, StringComparison.Ordinal) && property.DeclaringType!.GetProperty(property.Name[Has.Length..]) is not null
        && !Derived.Contains((property.DeclaringType, property.Name));

    static IEnumerable<string> Fits(PropertyInfo member, RecordField field, string where)
    {
        var mayMiss = MayMiss(member);
        if (mayMiss != (Optional(field.Schema) is not null))
        {
            return [$"{where} {(mayMiss ? "may be missing, the field may not" : "is always there, the field may be null")}"];
        }

        return mayMiss && field.Default is not { Length: 1 }
            ? [$"{where} may be missing, and the field's default is not null"]
            : Fits(Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType, Optional(field.Schema) ?? field.Schema, where, member);
    }

    static bool MayMiss(PropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null
        || OfSomeKinds.Contains((member.DeclaringType!, member.Name))
        || member.PropertyType == typeof(DecimalAmount)
        || member.DeclaringType!.GetProperty(Has + member.Name) is { } flag && IsFlagOf(flag)
        || !member.PropertyType.IsValueType && Nullability.Create(member).ReadState == NullabilityState.Nullable;

    static IEnumerable<string> Fits(Type type, AvroSchema schema, string where, PropertyInfo member) => schema switch
    {
        RecordSchema row when member.Name == nameof(OrderMessage.RowBytes) => Differences(typeof(OrderRow), row),
        RecordSchema currency when type == typeof(string) && member.Name == nameof(SettlementCalculated.Currency) => Currency(currency),
        RecordSchema request when type == typeof(OperatorRequest.OfKey) => Requests(request),
        RecordSchema record => type.Name == record.Name.Short ? Differences(type, record) : [$"{where} is a {type.Name}, the field a {record.Name}"],
        EnumSchema symbols => Enum(type, symbols, where),
        ArraySchema array when type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) || type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) =>
            Fits(type.GetGenericArguments()[0], array.Items, where + "[]", member),
        _ => Primitive(type, member.Name) == (schema.Type, schema.Logical) ? [] : [$"{where} is a {type.Name}, the field {schema.Description} {schema.Logical}"],
    };

    /// <summary>The type that a field must have. Events write instants as text, which is how JSON has them.</summary>
    static (AvroType Type, LogicalType? Logical) Primitive(Type type, string name) => type switch
    {
        _ when type == typeof(UtcInstant) => (AvroType.Long, new(LogicalKind.TimestampMicros)),
        _ when type == typeof(string) && name.EndsWith("At", StringComparison.Ordinal) => (AvroType.Long, new(LogicalKind.TimestampMicros)),
        _ when type == typeof(long) || type == typeof(OrderId) || type == typeof(MerchantId) || type == typeof(PromoterId) => (AvroType.Long, null),
        _ when type == typeof(int) || type == typeof(byte) => (AvroType.Int, null),
        _ when type == typeof(bool) => (AvroType.Boolean, null),
        _ when type == typeof(Int128) => (AvroType.Bytes, new(LogicalKind.Decimal, Precision: 38)),
        _ when type == typeof(ReadOnlySpan<byte>) && name == nameof(DeliveryCommand.Body) => (AvroType.Bytes, null),
        _ when type == typeof(byte[]) => (AvroType.Bytes, null),
        _ when type == typeof(ReadOnlySpan<byte>) || type == typeof(string) || type == typeof(HoldScope) => (AvroType.String, null),
        _ => (AvroType.Null, null),
    };

    static IEnumerable<string> Enum(Type type, EnumSchema schema, string where)
    {
        if (!type.IsEnum || type.Name != schema.Name.Short)
        {
            return [$"{where} is a {type.Name}, the field an {schema.Description}"];
        }

        string[] names = System.Enum.GetNames(type);
        string[] wanted = schema.DefaultSymbol == Unknown ? [.. names, Unknown] : names;
        return wanted.SequenceEqual(schema.Symbols) ? [] : [$"{where} has {string.Join(", ", wanted)}; the field {string.Join(", ", schema.Symbols)}"];
    }

    /// <summary>A code stands for its currency, whose digits a reader of the topic does not know.</summary>
    static IEnumerable<string> Currency(RecordSchema schema) =>
        schema.Name.Short == nameof(Kernel.Money.Currency) && schema.Fields is [{ Name: "code", Schema.Type: AvroType.String }, { Name: "digits", Schema.Type: AvroType.Int }]
            ? []
            : [$"{schema.Name} is no code and digits"];

    /// <summary>The closed family of requests about a key, in one record.</summary>
    static IEnumerable<string> Requests(RecordSchema schema) =>
        Requests(schema, [typeof(OperatorRequest.Replay), typeof(OperatorRequest.Discard), typeof(OperatorRequest.SendAgain), typeof(OperatorRequest.Returned)]);

    /// <summary>All requests in one record: a key or a record of the source may be missing then.</summary>
    public static IEnumerable<string> AllRequests(RecordSchema schema) => Requests(
        schema,
        [typeof(OperatorRequest.Replay), typeof(OperatorRequest.Discard), typeof(OperatorRequest.SendAgain), typeof(OperatorRequest.Returned), typeof(OperatorRequest.Reread), typeof(OperatorRequest.PassOver)]);

    static IEnumerable<string> Requests(RecordSchema schema, Type[] kinds)
    {
        var members = kinds.SelectMany(kind => kind.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => !Derived.Contains((property.DeclaringType!, property.Name))).DistinctBy(property => property.Name).ToList();
        string[] symbols = [.. kinds.Select(kind => kind.Name), Unknown];
        return schema.Field("kind")?.Schema is EnumSchema kind && kind.Symbols.SequenceEqual(symbols)
            ? Differences(members, schema, nameof(OperatorRequest)).Where(difference => !difference.StartsWith($"{schema.Name}.kind ", StringComparison.Ordinal))
            : [$"{schema.Name}.kind does not name {string.Join(", ", symbols)}"];
    }
}
