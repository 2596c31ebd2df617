using System.Runtime.InteropServices;
using System.Text;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>A list of attributes for the C interface: what to make, or what to look for.</summary>
public sealed class CkTemplate
{
    private readonly List<(CkAttribute Type, byte[] Value)> attributes = [];

    internal IReadOnlyList<(CkAttribute Type, byte[] Value)> Attributes => attributes;

    /// <summary>A CK_BBOOL.</summary>
    public CkTemplate With(CkAttribute type, bool value) => With(type, [value ? (byte)1 : (byte)0]);

    /// <summary>A CK_ULONG, as long as a pointer.</summary>
    public CkTemplate With(CkAttribute type, uint value)
    {
        nuint wide = value;
        return With(type, MemoryMarshal.AsBytes(new ReadOnlySpan<nuint>(in wide)).ToArray());
    }

    /// <summary>UTF-8 without an end mark.</summary>
    public CkTemplate With(CkAttribute type, string value) => With(type, Encoding.UTF8.GetBytes(value));

    public CkTemplate With(CkAttribute type, byte[] value)
    {
        attributes.Add((type, value));
        return this;
    }
}
