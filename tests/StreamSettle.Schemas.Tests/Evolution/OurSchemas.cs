using StreamSettle.Integration.Tests.Around;
using StreamSettle.Schemas.Evolution;

namespace StreamSettle.Schemas.Tests.Evolution;

/// <summary>The schemas of this checkout.</summary>
static class OurSchemas
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "schemas");

    public static SchemaFolder Folder { get; } = SchemaFolder.Read(Path);
}
