using TrustMesh.Wire;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

public sealed partial class TpmDevice
{
    private const uint CapHandles = 1, CapPcrs = 5, CapProperties = 6;

    /// <summary>TPM2_Startup(CLEAR), 9.3. A TPM that is started already is fine.</summary>
    public void Startup()
    {
        var command = new TpmCommand(TpmCommandCode.Startup);
        command.Parameters.U16(0);
        var response = TpmResponse.Decode(Exchange(command), command);
        if (response.Error is { Rc: not TpmRc.Initialize } error) throw new TpmException(command.Code, error);
    }

    /// <summary>TPM2_Shutdown(CLEAR), 9.4: without it the clock counts as unsafe after the next start.</summary>
    public void Shutdown()
    {
        var command = new TpmCommand(TpmCommandCode.Shutdown);
        command.Parameters.U16(0);
        Nothing(Run(command), "Shutdown");
    }

    /// <summary>TPM2_GetRandom, 16.1: up to a digest's size of bytes.</summary>
    public byte[] GetRandom(int count)
    {
        var command = new TpmCommand(TpmCommandCode.GetRandom);
        command.Parameters.U16(checked((ushort)count));
        var reader = new TpmReader(Run(command).Parameters);
        var random = reader.Sized("randomBytes", count);
        reader.End("GetRandom");
        return random.ToArray();
    }

    /// <summary>TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES), 30.2. Null where the TPM does not have the property.</summary>
    public uint? Property(uint property)
    {
        var reader = new TpmReader(Capability(CapProperties, property, 1));
        var count = reader.U32("properties.count");
        if (count == 0) return null;
        var found = reader.U32("property");
        var value = reader.U32("value");
        // A TPM without the property answers with the next one it has.
        return found == property ? value : null;
    }

    /// <summary>The handles in use from <paramref name="first"/> on, all of its type, ascending.</summary>
    public IReadOnlyList<uint> Handles(uint first)
    {
        const uint max = 254;
        var reader = new TpmReader(Capability(CapHandles, first, max));
        var count = reader.U32("handles.count");
        if (count > max) throw new WireException("handles.count", 0, $"{count} handles, at most {max} asked for");
        var handles = new uint[count];
        for (var i = 0; i < handles.Length; i++) handles[i] = reader.U32("handle");
        reader.End("GetCapability");
        return handles;
    }

    /// <summary>The PCR banks and what each of them holds (TPM_CAP_PCRS).</summary>
    public IReadOnlyList<PcrSelection> Banks()
    {
        var reader = new TpmReader(Capability(CapPcrs, 0, PcrSelection.MaxBanks));
        var banks = PcrSelection.ReadList(ref reader);
        reader.End("GetCapability");
        return banks;
    }

    /// <summary>TPM2_ReadClock, 29.1: resetCount and restartCount as they are.</summary>
    public (ulong Clock, uint ResetCount, uint RestartCount) ReadClock()
    {
        var reader = new TpmReader(Run(new(TpmCommandCode.ReadClock)).Parameters);
        reader.U64("time");
        var result = (reader.U64("clock"), reader.U32("resetCount"), reader.U32("restartCount"));
        reader.U8("safe");
        reader.End("ReadClock");
        return result;
    }

    /// <summary>TPM2_FlushContext, 28.4: a transient object or a session.</summary>
    public void Flush(uint handle)
    {
        var command = new TpmCommand(TpmCommandCode.FlushContext);
        command.Parameters.U32(handle);
        Nothing(Run(command), "FlushContext");
    }

    private ReadOnlyMemory<byte> Capability(uint capability, uint property, uint count)
    {
        var command = new TpmCommand(TpmCommandCode.GetCapability);
        command.Parameters.U32(capability).U32(property).U32(count);
        var reader = new TpmReader(Run(command).Parameters);
        reader.U8("moreData");
        var answered = reader.U32("capability");
        return answered == capability ? reader.Rest() : throw new WireException("capability", 1, $"{answered}, asked for {capability}");
    }
}
