using System.Xml.Linq;

namespace StreamSettle.Architecture.Tests;

/// <summary>The checkout that the tests run in.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Short name (without <c>StreamSettle.</c>) to project file, tests left out.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } = new[] { "src", "topology", "connectors", "schemas" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file)["StreamSettle.".Length..]);

    /// <summary>All project files, those of tests too.</summary>
    public static IEnumerable<string> ProjectFiles() => Projects.Values.Concat(Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.csproj", SearchOption.AllDirectories));

    public static IEnumerable<string> ProjectReferences(string project) => ProjectReferencesOf(Projects[project]).Select(reference => reference["StreamSettle.".Length..]);

    public static IEnumerable<string> ProjectReferencesOf(string file) =>
        Items(file, "ProjectReference").Select(include => Path.GetFileNameWithoutExtension(include.Replace('\\', '/')));

    /// <summary>The project as it was compiled.</summary>
    public static string AssemblyOf(string project) => Path.Combine(AppContext.BaseDirectory, project == "App" ? "streamsettle.dll" : $"StreamSettle.{project}.dll");

    public static IEnumerable<string> PackageReferences(string project) => Items(Projects[project], "PackageReference");

    public static IEnumerable<string> Sources(params string[] folders) => folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    static IEnumerable<string> Items(string file, string kind) =>
        XDocument.Load(file).Descendants(kind).Select(item => item.Attribute("Include")!.Value);

    static string FindRoot(string from) => File.Exists(Path.Combine(from, "StreamSettle.sln"))
        ? from
        : FindRoot(Path.GetDirectoryName(from) ?? throw new InvalidOperationException("the tests run outside of a checkout"));
}
