using System.Buffers.Binary;

namespace TrustMesh.Roots.Pkcs11;

/// <summary>
/// 32 bytes in a private data object of the token: u64 number of the writing ‖ memory. A writing makes a new object and then removes the older
/// ones, so that a power cut in between leaves two, of which the higher number counts; number 0 means that nothing was remembered yet.
/// </summary>
internal sealed class TokenMemory(string keyLabel)
{
    private const uint DataClass = 0;
    private const int Size = sizeof(ulong) + FileMemory.Size;

    private readonly string label = $"{keyLabel}-memory";

    /// <summary>Makes the object if there is none. Throws <see cref="Pkcs11Exception"/> where the token can not.</summary>
    public void Prepare(ICryptoki cryptoki, nuint session)
    {
        if (Objects(cryptoki, session).Count == 0) Write(cryptoki, session, 0, new byte[FileMemory.Size]);
    }

    public byte[]? Recall(ICryptoki cryptoki, nuint session) => Objects(cryptoki, session) is [.., { Number: > 0 } last] ? last.Memory : null;

    public void Remember(ICryptoki cryptoki, nuint session, ReadOnlySpan<byte> memory)
    {
        var older = Objects(cryptoki, session);
        Write(cryptoki, session, older is [.., var last] ? last.Number + 1 : 1, FileMemory.Checked(memory));
        foreach (var one in older) cryptoki.Destroy(session, one.Handle);
    }

    private void Write(ICryptoki cryptoki, nuint session, ulong number, ReadOnlySpan<byte> memory)
    {
        var value = new byte[Size];
        BinaryPrimitives.WriteUInt64BigEndian(value, number);
        memory.CopyTo(value.AsSpan(sizeof(ulong)));
        cryptoki.Create(session, Wanted().With(CkAttribute.Application, "TrustMesh").With(CkAttribute.Value, value));
    }

    /// <summary>By number. A private object: without the PIN nobody makes one.</summary>
    private CkTemplate Wanted() => new CkTemplate().With(CkAttribute.Class, DataClass).With(CkAttribute.Token, true).With(CkAttribute.Private, true).With(CkAttribute.Label, label);

    private List<(nuint Handle, ulong Number, byte[] Memory)> Objects(ICryptoki cryptoki, nuint session)
    {
        var objects = new List<(nuint, ulong Number, byte[])>();
        foreach (var handle in cryptoki.Find(session, Wanted()))
        {
            var value = cryptoki.Attribute(session, handle, CkAttribute.Value) ?? [];
            if (value.Length != Size) throw new RootException($"The object \"{label}\" in the token is damaged ({value.Length} bytes, expected {Size}). Remove it (pkcs11-tool --delete-object --type data), and enrol the device anew.");
            objects.Add((handle, BinaryPrimitives.ReadUInt64BigEndian(value), value[sizeof(ulong)..]));
        }
        objects.Sort((a, b) => a.Number.CompareTo(b.Number));
        return objects;
    }
}
