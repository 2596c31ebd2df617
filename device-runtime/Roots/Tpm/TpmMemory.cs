using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>
/// 32 bytes in an NV index of the TPM, where a copy of the state directory can not put older ones. Whoever owns the TPM can still remove or write
/// the index: it protects against copies, not against root on the running device, whose quotes tell of that.
/// A TPM whose owner has a password, or whose NV is full, must still make a device: a file is used then, and a note says what that costs.
/// </summary>
internal sealed class TpmMemory
{
    /// <summary>In the range owners may use (TCG registry of reserved handles: 0x01800000 to 0x01bfffff).</summary>
    internal const uint Index = 0x01800f54;

    private readonly TpmDevice tpm;
    private readonly FileMemory file;
    private readonly bool held;

    private TpmMemory(TpmDevice tpm, FileMemory file, string? reason)
        => (this.tpm, this.file, held, Notes) = (tpm, file, reason is null, reason is null ? [] : [FileMemory.Note(reason)]);

    internal IReadOnlyList<string> Notes { get; }

    /// <summary>Makes the index if it is not there yet. What is only "not now" is thrown, so that no passing trouble weakens a device.</summary>
    internal static TpmMemory Open(TpmDevice tpm, string stateDirectory)
    {
        var file = new FileMemory(stateDirectory);
        if (tpm.NvIsOurs(Index, FileMemory.Size)) return new(tpm, file, null);
        try
        {
            tpm.NvDefine(Index, FileMemory.Size);
            return new(tpm, file, null);
        }
        catch (TpmException refused) when (Lasting(refused.Error) is { } reason)
        {
            return new(tpm, file, reason);
        }
    }

    /// <summary>A file that is still there is from before the index was.</summary>
    internal byte[]? Recall() => (held ? tpm.NvRead(Index) : null) ?? file.Recall();

    internal void Remember(byte[] memory)
    {
        if (held) tpm.NvWrite(Index, memory);
        if (held) file.Forget();
        else file.Remember(memory);
    }

    /// <summary>A refusal that will be the same tomorrow, as a clause with its fix.</summary>
    private static string? Lasting(TpmError error) => error.Rc switch
    {
        TpmRc.AuthFail or TpmRc.BadAuth => $"the TPM's owner has a password (clear it with tpm2_changeauth -c owner, or make the index: tpm2_nvdefine 0x{Index:x8} -C o -s {FileMemory.Size} -a \"ownerwrite|authwrite|ownerread|authread|no_da\")",
        TpmRc.NvSpace => "the TPM has no NV space left (tpm2_getcap handles-nv-index shows what is in it)",
        TpmRc.Hierarchy or TpmRc.Disabled => "the TPM's owner hierarchy is switched off (switch it on in the firmware's setup)",
        TpmRc.CommandCode or TpmRc.Attributes => $"the TPM makes no such NV index ({error.Name})",
        _ => null,
    };
}
