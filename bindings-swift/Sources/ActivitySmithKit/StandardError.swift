// Standard error, where a client warns unless it has a `warn` of its own, and the threads for what blocks.

import Foundation

enum StandardError {
    /// Writes warnings there. A line that cannot be written is dropped.
    static func writer() -> @Sendable (String) -> Void {
        // Where it is closed, its number goes to whatever is opened next.
        guard fcntl(STDERR_FILENO, F_GETFD) != -1 else { return { _ in } }
        return { warning in
            let isDone = DispatchSemaphore(value: 0)
            Thread.detach {
                try? FileHandle.standardError.write(contentsOf: Data("activitysmith: \(warning)\n".utf8))
                isDone.signal()
            }
            isDone.wait()
        }
    }
}

extension Thread {
    /// Does what blocks on a thread of its own, where a broken pipe is an error. Elsewhere its signal ends the program;
    /// blocked, the signal ends with the thread.
    package static func detach(_ work: @escaping @Sendable () -> Void) {
        detachNewThread {
            var brokenPipe = sigset_t()
            sigemptyset(&brokenPipe)
            sigaddset(&brokenPipe, SIGPIPE)
            pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
            work()
        }
    }
}
