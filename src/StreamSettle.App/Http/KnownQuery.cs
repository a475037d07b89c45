using System.Reflection;
using StreamSettle.App.Commands;

namespace StreamSettle.App.Http;

/// <summary>Refuses a query parameter that nobody reads: a filter with a slip in its name would let everything through.</summary>
static class KnownQuery
{
    public static EndpointFilterDelegate Check(EndpointFilterFactoryContext context, EndpointFilterDelegate next)
    {
        var known = context.MethodInfo.GetParameters().SelectMany(NamesOf).ToArray();
        return call => call.HttpContext.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? ValueTask.FromResult<object?>(Problems.Wrong(Told(unknown, known)))
            : next(call);
    }

    static IEnumerable<string> NamesOf(ParameterInfo parameter) =>
        parameter.GetCustomAttribute<AsParametersAttribute>() is null
            ? IsText(parameter.ParameterType) ? [parameter.Name!] : []
            : parameter.ParameterType.GetConstructors()[0].GetParameters().Select(part => part.Name!.ToLowerInvariant());

    /// <summary>What else a handler takes comes from elsewhere: the request itself, its body, its end.</summary>
    static bool IsText(Type type) => type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsPrimitive;

    static string Told(string name, string[] known) =>
        $"there is no parameter '{name}' here; "
        + (Nearest.Of(name, known) is { } near ? $"did you mean '{near}'?" : known.Length > 0 ? $"there are {string.Join(", ", known)}" : "there is none");
}
