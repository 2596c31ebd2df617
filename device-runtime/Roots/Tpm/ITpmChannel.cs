namespace TrustMesh.Roots.Tpm;

/// <summary>Carries raw commands to a TPM, one at a time. After a failed exchange the channel is used no more: what comes next on it
/// could be the answer to the command before.</summary>
public interface ITpmChannel : IDisposable
{
    /// <summary>As in the settings: <c>device:/dev/tpmrm0</c>.</summary>
    string Address { get; }

    /// <summary>True where a resource manager swaps objects, so that what others loaded is out of sight and none of our business.</summary>
    bool IsManaged { get; }

    /// <summary>True for a TPM in software, which no kernel starts and shuts down.</summary>
    bool IsSimulated { get; }

    /// <summary>Sends one command and returns the whole answer, at most <see cref="Wire.Tpm.TpmResponse.MaxSize"/> bytes.
    /// Throws <see cref="IOException"/>, also when the deadline passes.</summary>
    byte[] Exchange(ReadOnlySpan<byte> command, TimeSpan deadline);
}
