using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TrustMesh.Roots.Tpm;

namespace TrustMesh.Tests.Parts;

/// <summary>A character device with a TPM behind it: the slave of a pseudo terminal in raw mode, whose master passes commands on.</summary>
public sealed class PseudoDevice : IDisposable
{
    private const nuint GetNumber = 0x80045430, SetLock = 0x40045431;

    private readonly FileStream master;
    private readonly FileStream keptOpen;
    private readonly ITpmChannel tpm;
    private readonly Thread relay;

    public PseudoDevice(string address)
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.X64 or System.Runtime.InteropServices.Architecture.Arm64, "the ioctl numbers are those of x64 and arm64");
        tpm = TpmChannel.Open(address);
        master = new FileStream("/dev/ptmx", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        int number = 0, unlocked = 0;
        Assert.Equal(0, ioctl(master.SafeFileHandle, SetLock, ref unlocked));
        Assert.Equal(0, ioctl(master.SafeFileHandle, GetNumber, ref number));
        Path = $"/dev/pts/{number}";
        // Held open, so that the master does not see the end of the line between two users.
        keptOpen = new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var (code, _, error) = Command.Run("/", "stty", "-F", Path, "raw", "-echo");
        Assert.True(code == 0, error);
        relay = new Thread(Relay) { IsBackground = true };
        relay.Start();
    }

    public string Path { get; }

    public void Dispose()
    {
        // A command of size 0 is the sign to stop; the relay then is in no read that closing would have to interrupt.
        keptOpen.Write(new byte[10]);
        Assert.True(relay.Join(TimeSpan.FromSeconds(10)));
        keptOpen.Dispose();
        master.Dispose();
        tpm.Dispose();
    }

    private void Relay()
    {
        var command = new byte[4096];
        while (true)
        {
            master.ReadExactly(command, 0, 10);
            var size = (int)BinaryPrimitives.ReadUInt32BigEndian(command.AsSpan(2));
            if (size == 0) return;
            master.ReadExactly(command, 10, size - 10);
            master.Write(tpm.Exchange(command.AsSpan(0, size), TimeSpan.FromSeconds(30)));
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeHandle handle, nuint request, ref int value);
}
