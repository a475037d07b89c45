using System.Reflection;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using StreamSettle.App.Composition;
using Xunit;

namespace StreamSettle.Integration.Tests.Composing;

/// <summary>What the build has compiled ahead: without it everything works, only later.</summary>
public sealed class CompiledAheadTests
{
    [Theory]
    [InlineData("streamsettle")]
    [InlineData("StreamSettle.Topology")]
    [InlineData("Marten")]
    [InlineData("Npgsql")]
    public void The_program_that_tests_start_has_native_code_beside_its_IL(string assembly)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "only Linux on x64 is compiled ahead");
        Assert.SkipUnless(typeof(JitterSeed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration == "Release", "only Release is compiled ahead");
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        Assert.NotEqual(0, file.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }
}
