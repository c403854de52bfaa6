using Microsoft.Win32.SafeHandles;
using Moldau.Protocol;

namespace Moldau.Storage.Files;

/// <summary>A segment's log file by name: opened at first use, kept open by the <see cref="FileHandleCache"/> while it is used. Thread-safe.</summary>
internal sealed class LogFile(FileHandleCache cache, string path)
{
    private readonly Lock gate = new();
    private string path = path;
    private OpenFile? open;
    private bool retired;

    /// <summary>Where the file is now.</summary>
    public string Path
    {
        get
        {
            lock (gate) return path;
        }
    }

    /// <summary>Makes the file, empty, over whatever stood there.</summary>
    public void Create()
    {
        OpenFile opened;
        lock (gate)
        {
            Invariant.That(open is null && !retired);
            open = opened = new OpenFile(gate, this, cache.Files.Open(path, FileOpen.CreateEmpty));
        }

        cache.Admit(opened);
    }

    /// <summary>The open file, with a hold on it that <see cref="OpenFile.Release"/> gives back.</summary>
    /// <exception cref="FileNotFoundException">The file is gone: retention or a topic's deletion was faster than the reader.</exception>
    public OpenFile Acquire()
    {
        OpenFile opened;
        lock (gate)
        {
            if (open is { } already)
            {
                already.Hold();
                return already;
            }

            if (retired) throw new FileNotFoundException("the segment was deleted", path);
            open = opened = new OpenFile(gate, this, cache.Files.Open(path, FileOpen.ReadWrite));
            opened.Hold();
        }

        cache.Admit(opened);
        return opened;
    }

    /// <summary>The folder was renamed: the file is there now. Holds on it stay good.</summary>
    public void Relocate(string to)
    {
        lock (gate) path = to;
    }

    /// <summary>Renames the file; holds on it stay good.</summary>
    public void Rename(string to)
    {
        lock (gate)
        {
            cache.Files.Rename(path, to);
            path = to;
        }
    }

    /// <summary>Closes the file as soon as nobody holds it; it is not opened again.</summary>
    public void Retire()
    {
        lock (gate)
        {
            retired = true;
            open?.CloseWhenFree();
            open = null;
        }
    }

    /// <summary>Called by the open file, under the lock, when the cache closes it.</summary>
    internal void Closed() => open = null;
}

/// <summary>An open log file with a count of those who use it. What a fetch response sends regions of.</summary>
internal sealed class OpenFile(Lock gate, LogFile owner, IFile file) : IRegionFile
{
    private int holds;
    private bool used = true;
    private bool closing;

    /// <summary>The file; valid while held.</summary>
    public IFile File => file;

    /// <inheritdoc/>
    public SafeFileHandle? Handle => file.Handle;

    /// <inheritdoc/>
    public int Read(long position, Span<byte> target) => file.Read(position, target);

    /// <inheritdoc/>
    public void Release()
    {
        lock (gate)
        {
            Invariant.That(holds > 0);
            if (--holds == 0 && closing) file.Dispose();
        }
    }

    /// <summary>Adds a hold. The caller has the lock.</summary>
    internal void Hold()
    {
        holds++;
        used = true;
    }

    /// <summary>Adds a hold to a file that is already held, for a second region of it.</summary>
    internal void HoldAgain()
    {
        lock (gate)
        {
            Invariant.That(holds > 0);
            holds++;
        }
    }

    /// <summary>Closes now or with the last hold. The caller has the lock.</summary>
    internal void CloseWhenFree()
    {
        closing = true;
        if (holds == 0) file.Dispose();
    }

    /// <summary>Whether the cache is rid of it: closed now, or already given up by its owner.</summary>
    internal bool TryEvict()
    {
        lock (gate)
        {
            if (closing) return true;
            if (used || holds > 0)
            {
                used = false;
                return false;
            }

            closing = true;
            owner.Closed();
            file.Dispose();
            return true;
        }
    }
}
