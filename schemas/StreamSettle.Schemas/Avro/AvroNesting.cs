using System.Runtime.CompilerServices;

namespace StreamSettle.Schemas.Avro;

/// <summary>Types may refer to types so often that no stack is deep enough for walking through them.</summary>
static class AvroNesting
{
    /// <exception cref="AvroSchemaException">The stack's end is near.</exception>
    public static void Check()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AvroSchemaException("", "its types are nested deeper than a program can follow; flatten them");
        }
    }
}
