namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>Which of the specification's rules of schema resolution is not kept.</summary>
public enum ResolutionRule : byte
{
    /// <summary>The types are the same, or the writer's can be promoted to the reader's.</summary>
    TypesMatch,

    /// <summary>The names of both enums or fixed types, without namespaces, are the same, or the reader's aliases have the writer's.</summary>
    NamesMatch,

    /// <summary>Both fixed types have one size.</summary>
    SizesMatch,

    /// <summary>The reader's enum has the symbol that was written, or a default.</summary>
    SymbolIsKnown,

    /// <summary>The reader's union has a branch that takes what was written.</summary>
    BranchMatches,

    /// <summary>A field that the writer has not has a default.</summary>
    FieldHasDefault,
}
