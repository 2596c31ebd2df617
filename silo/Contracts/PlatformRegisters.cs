namespace TrustMesh.Contracts;

/// <summary>
/// What the registers of a TPM (PCRs) hold, in words for people: TCG PC Client Platform Firmware Profile, 3.3.4, and for 8 to 15 what boot loaders, Linux and systemd extend.
/// Whether a value is the same on many devices is counted, not assumed; the words say where a difference is to be expected.
/// </summary>
public static class PlatformRegisters
{
    /// <summary>Registers of a bank.</summary>
    public const int Count = 24;

    /// <summary>The Linux kernel's measurement list (IMA) goes on for as long as files are opened.</summary>
    private const int Growing = 10;

    /// <summary>What is expected of the values on devices of one model.</summary>
    public static string Holds(int pcr) => pcr switch
    {
        0 => "firmware code",
        1 => "firmware settings and hardware, often another on each device",
        2 => "code of expansion cards",
        3 => "settings of expansion cards",
        4 => "boot loader",
        5 => "boot order and partition table, often another on each device",
        6 => "what the manufacturer chose, and power events",
        7 => "Secure Boot: whether it is on, and its keys",
        8 => "commands of the boot loader, such as the kernel's command line",
        9 => "files the boot loader read, such as kernel and initrd",
        Growing => "files the kernel measured (IMA), grows while the device runs",
        11 => "unified kernel image and phases of the boot",
        12 => "command line and credentials given to the kernel, may be another on each device",
        14 => "keys of the boot loader's own (MOK)",
        15 => "machine id and disk keys, another on each device",
        >= 17 and <= 22 => "a launch measured after the boot (DRTM)",
        _ => "what the system makes of it",
    };

    /// <summary>It has another value every time it is looked at, so that neither a count nor a reference value says anything.</summary>
    public static bool Grows(int pcr) => pcr == Growing;
}
