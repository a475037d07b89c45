namespace StreamSettle.Streams.Topologies;

/// <summary>Types as they are written in code, for messages.</summary>
static class TypeName
{
    public static string Of(Type type)
    {
        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var name = type.Name.AsSpan(0, type.Name.IndexOf('`'));
        return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
