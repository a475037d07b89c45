namespace StreamSettle.Integration.Tests.Around;

/// <summary>The sources that the test was built from.</summary>
static class Repository
{
    public static string Root { get; } = Find(new(AppContext.BaseDirectory));

    static string Find(DirectoryInfo at) =>
        File.Exists(Path.Combine(at.FullName, "StreamSettle.sln")) ? at.FullName : Find(at.Parent ?? throw new InvalidOperationException("there is no StreamSettle.sln above the test"));
}
