using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmDevice
{
    /// <summary>TPMA_NV bits (part 2, 13.4) and TPM_PT_NV_BUFFER_MAX.</summary>
    private const uint OwnerWrite = 1 << 1, AuthWrite = 1 << 2, OwnerRead = 1 << 17, AuthRead = 1 << 18, NoDa = 1 << 25, Written = 1 << 29, NvBufferMax = 0x12c;

    /// <summary>
    /// What our own index is made with. AUTHREAD and AUTHWRITE with an empty password, so that an owner password somebody sets later stops neither;
    /// the owner's rights beside them, so that an operator can look and repair; NO_DA, because wrong passwords of others must not lock it.
    /// </summary>
    private const uint MemoryAttributes = OwnerWrite | AuthWrite | OwnerRead | AuthRead | NoDa;

    /// <summary>Bytes of the largest index that is read: a chain of certificates.</summary>
    private const int MaxIndex = 32 * 1024;

    private int? chunk;

    /// <summary>
    /// The content of an NV index (TPM2_NV_ReadPublic 31.6, TPM2_NV_Read 31.13) in pieces of the TPM's buffer size. Null where the
    /// index does not exist, was never written, or may not be read with an empty password.
    /// </summary>
    public byte[]? NvRead(uint index)
    {
        if (NvReadPublic(index) is not { } area || (area.Attributes & Written) == 0) return null;
        var authority = (area.Attributes & AuthRead) != 0 ? index : (area.Attributes & OwnerRead) != 0 ? TpmHandle.Owner : 0;
        if (authority == 0) return null;
        chunk ??= (int)Math.Clamp(Property(NvBufferMax) ?? 512, 64, 1024);
        var content = new byte[area.Size];
        for (var at = 0; at < content.Length;)
        {
            var size = Math.Min(chunk.Value, content.Length - at);
            var command = new TpmCommand(TpmCommandCode.NvRead).On(authority, TpmHandle.Password).On(index);
            command.Parameters.U16((ushort)size).U16((ushort)at);
            var reader = new TpmReader(Run(command).Parameters);
            var piece = reader.Sized("data", size);
            reader.End("NV_Read");
            if (piece.Length != size) throw new WireException("data", 0, $"{piece.Length} bytes, asked for {size}");
            piece.CopyTo(content.AsMemory(at));
            at += size;
        }
        return content;
    }

    /// <summary>True if the index is there and is one that <see cref="NvDefine"/> made with this size; false if there is none. Throws
    /// <see cref="RootException"/> if somebody else uses it.</summary>
    public bool NvIsOurs(uint index, int size)
    {
        if (NvReadPublic(index) is not { } area) return false;
        if ((area.Attributes & ~Written) == MemoryAttributes && area.Size == size) return true;
        throw new RootException($"{Address}: NV index 0x{index:x8} belongs to other software ({area.Size} bytes, attributes 0x{area.Attributes:x}). If nobody needs it, remove it with tpm2_nvundefine 0x{index:x8}.");
    }

    /// <summary>TPM2_NV_DefineSpace, 31.3, as the owner with an empty password: an ordinary index for <see cref="NvWrite"/>.</summary>
    public void NvDefine(uint index, int size)
    {
        var command = new TpmCommand(TpmCommandCode.NvDefineSpace).On(TpmHandle.Owner, TpmHandle.Password);
        var area = new TpmWriter().U32(index).Alg(TpmAlg.Sha256).U32(MemoryAttributes).Sized([]).U16(checked((ushort)size));
        command.Parameters.Sized([]).Sized(area.ToArray());
        Nothing(Run(command), "NV_DefineSpace");
    }

    /// <summary>TPM2_NV_Write, 31.7: all of an index, which is less than any TPM's buffer, in one command.</summary>
    public void NvWrite(uint index, ReadOnlySpan<byte> content)
    {
        var command = new TpmCommand(TpmCommandCode.NvWrite).On(index, TpmHandle.Password).On(index);
        command.Parameters.Sized(content).U16(0);
        Nothing(Run(command), "NV_Write");
    }

    private (uint Attributes, int Size)? NvReadPublic(uint index)
    {
        try
        {
            var reader = new TpmReader(Run(new TpmCommand(TpmCommandCode.NvReadPublic).On(index)).Parameters);
            var area = reader.SizedReader("nvPublic", 128);
            reader.Sized("nvName", 66);
            reader.End("NV_ReadPublic");
            if (area.U32("nvIndex") != index) throw new WireException("nvIndex", 2, "not the index that was asked for");
            area.Alg("nameAlg");
            var attributes = area.U32("attributes");
            area.Sized("authPolicy", 64);
            int size = area.U16("dataSize");
            area.End("TPMS_NV_PUBLIC");
            return size <= MaxIndex ? (attributes, size) : throw new WireException("dataSize", 0, $"{size} bytes, at most {MaxIndex} allowed");
        }
        catch (TpmException e) when (e.Error.IsGone)
        {
            return null;
        }
    }
}
