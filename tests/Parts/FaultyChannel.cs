using System.Buffers.Binary;
using TrustMesh.Roots.Tpm;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>A channel to a real TPM on which a test interferes: before a command reaches the TPM, or with what it answered.</summary>
public sealed class FaultyChannel(string address) : ITpmChannel
{
    private readonly ITpmChannel inner = TpmChannel.Open(address);

    /// <summary>Runs before a command is sent. An answer of its own means the TPM does not see the command.</summary>
    public Func<TpmCommandCode, byte[]?>? Before { get; set; }

    /// <summary>Changes an answer.</summary>
    public Func<TpmCommandCode, byte[], byte[]>? After { get; set; }

    /// <summary>Every command that was asked for.</summary>
    public List<TpmCommandCode> Asked { get; } = [];

    public string Address => inner.Address;

    public bool IsManaged => inner.IsManaged;

    public bool IsSimulated => inner.IsSimulated;

    public byte[] Exchange(ReadOnlySpan<byte> command, TimeSpan deadline)
    {
        var code = (TpmCommandCode)BinaryPrimitives.ReadUInt32BigEndian(command[6..]);
        Asked.Add(code);
        if (Before?.Invoke(code) is { } answer) return answer;
        answer = inner.Exchange(command, deadline);
        return After?.Invoke(code, answer) ?? answer;
    }

    /// <summary>Sends a command past the interference.</summary>
    public byte[] Direct(TpmCommand command) => inner.Exchange(command.Encode(), TimeSpan.FromSeconds(10));

    /// <summary>A TPM's refusal.</summary>
    public static byte[] Refusal(uint code) => new TpmWriter().U16(0x8001).U32(10).U32(code).ToArray();

    public void Dispose() => inner.Dispose();
}
