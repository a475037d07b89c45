using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace StreamSettle.Architecture.Tests;

/// <summary>
/// How many parameters the functions of an assembly take. Left out are what no caller writes by hand, functions whose form C fixes, and the constructors of records: the
/// members of a record are data that stand together, and each is named where it is read.
/// </summary>
static class ParameterCounts
{
    public static List<(string Function, int Parameters)> Of(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var metadata = image.GetMetadataReader();
        return
        [
            .. from handle in metadata.TypeDefinitions
               let type = metadata.GetTypeDefinition(handle)
               where !metadata.GetString(type.Name).Contains('<', StringComparison.Ordinal)
               let methods = type.GetMethods().Select(metadata.GetMethodDefinition).ToList()
               let isRecord = methods.Exists(method => metadata.GetString(method.Name) is "<Clone>$" or "PrintMembers")
               from method in methods
               let name = metadata.GetString(method.Name)
               where IsWritten(method, name) && !(isRecord && name is ".ctor" or "Deconstruct")
               select ($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{name}", CountOf(metadata, method)),
        ];
    }

    static bool IsWritten(MethodDefinition method, string name) =>
        !name.Contains('<', StringComparison.Ordinal) && (method.Attributes & MethodAttributes.PinvokeImpl) == 0 && (method.ImplAttributes & MethodImplAttributes.Runtime) == 0;

    static int CountOf(MetadataReader metadata, MethodDefinition method)
    {
        var signature = metadata.GetBlobReader(method.Signature);
        if (signature.ReadSignatureHeader().IsGeneric)
        {
            signature.ReadCompressedInteger();
        }

        return signature.ReadCompressedInteger();
    }
}
