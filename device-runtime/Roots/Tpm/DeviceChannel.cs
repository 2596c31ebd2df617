using System.Buffers.Binary;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>A TPM character device: one write is one command, one read its answer. The kernel's driver bounds every command with the
/// durations the TPM declares and answers ETIME, so no deadline of ours is needed on top.</summary>
public sealed class DeviceChannel : ITpmChannel
{
    private readonly FileStream device;
    private readonly byte[] buffer = new byte[TpmResponse.MaxSize];

    private DeviceChannel(string path, FileStream device)
    {
        Address = "device:" + path;
        this.device = device;
    }

    public string Address { get; }

    public bool IsManaged => device.Name.StartsWith("/dev/tpmrm", StringComparison.Ordinal);

    public bool IsSimulated => false;

    internal static DeviceChannel Open(string path)
    {
        try
        {
            // Shared, so that no advisory lock is taken; unbuffered, so that a write reaches the driver whole.
            return new(path, new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new RootException($"{path} may not be opened by this user. Run the agent as a member of the group tss, or root.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RootException($"There is no TPM at {path}. Switch the TPM on in the firmware's setup, or name another one in the settings.", e);
        }
        catch (IOException e)
        {
            throw new RootException($"{path} can not be opened: {e.Message} Use /dev/tpmrm0, which several programs can share.", e);
        }
    }

    public byte[] Exchange(ReadOnlySpan<byte> command, TimeSpan deadline)
    {
        device.Write(command);
        // The whole buffer is offered each time: older drivers drop what one read does not take.
        for (var got = 0; ;)
        {
            var read = device.Read(buffer.AsSpan(got));
            if (read == 0) throw new IOException($"{Address} ended its answer after {got} bytes.");
            got += read;
            if (got < TpmResponse.HeaderSize) continue;
            var size = BinaryPrimitives.ReadUInt32BigEndian(buffer.AsSpan(2));
            if (size > TpmResponse.MaxSize) throw new IOException($"{Address} announced an answer of {size} bytes.");
            if (got >= size) return buffer[..got];
        }
    }

    public void Dispose() => device.Dispose();
}
