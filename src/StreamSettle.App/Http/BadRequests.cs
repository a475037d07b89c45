using System.Text.Json;
using System.Text.RegularExpressions;

namespace StreamSettle.App.Http;

/// <summary>What is wrong with a request that the framework could not make parameters of, in words for whoever wrote it: its own name types of ours.</summary>
static partial class BadRequests
{
    const string See = "/openapi/v1.json says what is expected";

    public static string Told(BadHttpRequestException bad) => bad.InnerException switch
    {
        // The place is all that is certain: the words behind it are the library's, about its own classes.
        JsonException json => $"the body does not fit{Place(json)}: it is no JSON, or has a member there that is not known, is there twice or has a value of another type; {See}",
        _ when Parameter().Match(bad.Message) is { Success: true } match =>
            $"{match.Groups["name"].Value.ToLowerInvariant()} cannot be '{match.Groups["value"].Value}': it is of another type, or there more than once; {See}",
        _ => bad.Message,
    };

    static string Place(JsonException json) => json.Path is { Length: > 1 } path
        ? $" at {path}"
        : json is { LineNumber: { } line, BytePositionInLine: { } position } ? $" in line {line + 1} at byte {position + 1}" : "";

    [GeneratedRegex("""^Failed to bind parameter "(?:.* )?(?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();
}
