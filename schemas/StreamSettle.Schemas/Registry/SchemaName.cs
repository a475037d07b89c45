using System.Globalization;

namespace StreamSettle.Schemas.Registry;

/// <summary>By what a record names the schema that it was written with: the id that a registry gave, or the GUID that follows from the schema and is the same in every registry.</summary>
public readonly record struct SchemaName
{
    public SchemaName(int id) => Id = id;

    public SchemaName(Guid guid) => Guid = guid;

    /// <summary>Null where it is named by its GUID.</summary>
    public int? Id { get; }

    /// <summary>Empty where it is named by its id.</summary>
    public Guid Guid { get; }

    public static implicit operator SchemaName(int id) => new(id);

    public override string ToString() => Id?.ToString(CultureInfo.InvariantCulture) ?? Guid.ToString();
}
